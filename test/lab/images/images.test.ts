import { imageNames, imagesIn, loginOf } from '../../../lab/images';
import { layerKey, packagesKey } from '../../../lab/images/keys';
import { type LayerRecipe, packageFolderContents, recipeOf } from '../../../lab/images/recipes';
import { sourcesFrom } from '../../../lab/images/sources';
import { capacityOf } from '../../../lib/role/capacity';
import { renderRole } from '../../../lib/role/render';
import { roleSettings } from '../../../lib/role/settings';
import { setups } from '../../role/setups';

describe('keys of the cache', () => {
  const recipe = recipeOf('debian-13') as LayerRecipe;

  test('begin with the name and stay the same for the same recipe', () => {
    expect(layerKey(recipe)).toMatch(/^debian-13-[0-9a-f]{12}$/);
    expect(layerKey({ ...recipe })).toBe(layerKey(recipe));
  });

  test('change with the packages, the script and the image below', () => {
    const others = [
      layerKey({ ...recipe, packages: [...recipe.packages, 'curl'] }),
      layerKey({ ...recipe, customize: 'true' }),
      layerKey({ ...recipe, below: { ...recipe.below, packages: ['init'] } }),
    ];
    expect(new Set([layerKey(recipe), ...others]).size).toBe(4);
  });

  test('of the package folder change with its contents', () => {
    expect(packagesKey('trixie', ['postfix'])).toMatch(/^packages-trixie-[0-9a-f]{12}$/);
    expect(packagesKey('trixie', ['postfix'])).not.toBe(packagesKey('trixie', ['postfix', 'postgrey']));
  });
});

describe('images', () => {
  test('of Debian 13 and of the world share the layer below them', () => {
    const { layersOf } = imagesIn('/c');
    expect(layersOf('debian-13')[1]).toBe(layersOf('world')[1]);
    expect(layersOf('debian-12')).toHaveLength(1);
  });

  test('with the packages of the role differ from those of AWS in nothing else', () => {
    const { layersOf } = imagesIn('/c');
    expect(layersOf('debian-13-mail').slice(1)).toEqual(layersOf('debian-13'));
    const states = Object.values(setups).map(({ settings, cores, memoryMiB }) =>
      renderRole(roleSettings.parse(settings), capacityOf(cores, memoryMiB, settings.antivirus ?? false)),
    );
    expect(recipeOf('debian-13-mail').packages).toEqual([...new Set(states.flatMap(({ packages }) => packages))].sort());
  });

  test('of AWS instances have no mail packages', () => {
    const { below, packages } = recipeOf('debian-13') as LayerRecipe;
    expect([...below.packages, ...packages].filter((name) => /postfix|exim|amavis|clamav|mail/.test(name))).toEqual([]);
  });

  test('install nothing that the package folder does not have', () => {
    const contents = packageFolderContents();
    for (const image of ['debian-13', 'debian-13-mail', 'world'] as const)
      expect(contents).toEqual(expect.arrayContaining([...recipeOf(image).packages]));
  });

  test('are logged in to as on AWS', () => {
    expect(imageNames.map((name) => loginOf(name))).toEqual(['admin', 'admin', 'admin', 'root']);
  });
});

describe('Debian mirrors', () => {
  const target = (...fields: string[]) => fields.join('\t');
  const host = [
    target('https://other.example/apt/', 'bookworm', 'main', '/usr/share/keyrings/other.gpg'),
    target('http://mirror.example/debian/', 'bookworm', 'main', '$(SIGNED_BY)'),
    target('http://mirror.example/debian/', 'bookworm-updates', 'main', '$(SIGNED_BY)'),
    target('http://mirror.example/debian-security/', 'bookworm-security', 'main', '$(SIGNED_BY)'),
    target('https://node.example/', 'nodistro', 'main', '/usr/share/keyrings/node.gpg'),
  ].join('\n');

  test('are those of the host, for another release', () => {
    const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
    expect(sourcesFrom(host, 'trixie')).toEqual([
      `deb ${signed} http://mirror.example/debian/ trixie main`,
      `deb ${signed} http://mirror.example/debian/ trixie-updates main`,
      `deb ${signed} http://mirror.example/debian-security/ trixie-security main`,
    ]);
  });

  test('keep the key that the host trusts them by', () => {
    const text = target('http://m.example/debian/', 'trixie', 'main', '/etc/apt/keyrings/mirror.gpg');
    expect(sourcesFrom(text, 'trixie')).toEqual([
      'deb [signed-by=/etc/apt/keyrings/mirror.gpg] http://m.example/debian/ trixie main',
    ]);
  });

  test('are asked for when the host has none', () => {
    expect(() => sourcesFrom(target('http://a.example/ubuntu/', 'noble', 'main', ''), 'trixie')).toThrow(
      'apt has no Debian mirror configured',
    );
  });
});
