import { delegationResource } from '../../../lib/provider/dns/delegation-resource';
import { type TerraformObject, UNKNOWN } from '../../../lib/provider/framework/values';
import { fakeDns } from '../support/fake-dns';

const context = { signal: new AbortController().signal };
const servers = ['ns1.dns.test', 'ns2.dns.test'];
const config: TerraformObject = { zones: { 'example.com': servers }, required: null, wait_seconds: null, resolvers: null };
const problem = 'example.com is not delegated: Enter at its registrar these name servers: ns1.dns.test, ns2.dns.test';

/** A world in which these zones are not delegated. */
function world(zones: readonly string[]) {
  const looks: { readonly zones: object; readonly deadlineSeconds: number }[] = [];
  const parts = {
    ...fakeDns({}),
    awaitDelegation: async (asked: object, { deadlineSeconds }: { readonly deadlineSeconds: number }) => {
      looks.push({ zones: asked, deadlineSeconds });
      return zones.filter((zone) => zone in asked).map((zone) => ({ zone, problem }));
    },
  };
  return { looks, resource: delegationResource(parts) };
}

describe('a plan', () => {
  const plan = (undelegated: readonly string[], more: TerraformObject = {}, prior: TerraformObject | null = null) => {
    const { looks, resource } = world(undelegated);
    const values = { ...config, ...more };
    return resource
      .plan({ prior, proposed: values, config: values, privateState: {} }, context)
      .then((result) => ({ ...result, looks }));
  };

  test('of a zone that is there looks once, and says what the apply will stop at, with the name servers to enter', async () => {
    const { diagnostics, looks, planned } = await plan(['example.com']);
    expect(looks).toEqual([{ zones: { 'example.com': servers }, deadlineSeconds: 0 }]);
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'warning', summary: 'the world does not ask the name servers of example.com' }),
    ]);
    expect(diagnostics[0]?.detail).toMatch(
      /name servers: ns1\.dns\.test, ns2\.dns\.test\. The apply will wait .* before anything is made that costs/,
    );
    expect(planned.id).toBe(UNKNOWN);
  });

  test.each<[string, TerraformObject, TerraformObject | null]>([
    ['whose zone is yet to be made', { zones: { 'example.com': UNKNOWN } }, null],
    ['whose zones are not known', { zones: UNKNOWN }, null],
    ['that has looked before', {}, { ...config, id: 'example.com' }],
  ])('%s asks nobody', async (_, more, prior) => {
    const { diagnostics, looks, planned } = await plan(['example.com'], more, prior);
    expect({ diagnostics, looks }).toEqual({ diagnostics: [], looks: [] });
    expect(planned.id).toBe(prior ? 'example.com' : UNKNOWN);
  });

  test('with one more zone looks at that one', async () => {
    const zones = { 'example.com': servers, 'example.net': ['ns3.dns.test'] };
    const { looks } = await plan([], { zones }, { ...config, id: 'example.com' });
    expect(looks).toEqual([{ zones: { 'example.net': ['ns3.dns.test'] }, deadlineSeconds: 0 }]);
  });
});

describe('an apply', () => {
  const applied = (undelegated: readonly string[], more: TerraformObject = {}) => {
    const { looks, resource } = world(undelegated);
    const values = { ...config, ...more };
    const request = { prior: null, planned: { ...values, id: UNKNOWN }, config: values, privateState: {} };
    return resource.apply(request, context).then((result) => ({ ...result, looks }));
  };

  test('goes on once the zone is delegated', async () => {
    const { state, diagnostics, looks } = await applied([]);
    expect(state).toEqual({ ...config, id: 'example.com' });
    expect(diagnostics).toEqual([]);
    expect(looks.map(({ deadlineSeconds }) => deadlineSeconds)).toEqual([120]);
  });

  test('stops where it is not, and says what to enter', async () => {
    const { state, diagnostics, looks } = await applied(['example.com'], { wait_seconds: 0 });
    expect(state).toBeNull();
    expect(looks.map(({ deadlineSeconds }) => deadlineSeconds)).toEqual([0]);
    expect(diagnostics).toEqual([
      {
        severity: 'error',
        summary: 'the world does not ask the name servers of example.com',
        detail: `${problem}. Then apply again: it goes on from here. Nothing that depends on it was made`,
      },
    ]);
  });

  test('warns and goes on where nothing depends on it', async () => {
    const { state, diagnostics } = await applied(['example.com'], { required: false });
    expect(state).toMatchObject({ id: 'example.com' });
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'warning', detail: expect.stringContaining('nobody sees the records') }),
    ]);
  });
});

test('what is not a zone is refused', () => {
  const { resource } = world([]);
  expect(resource.validate({ ...config, zones: { '.example': servers } })[0]?.detail).toContain("'.example' is not a zone");
});
