import type { DesiredState, StateVolume } from '../../../lib/host/desired-state';

export interface Sample {
  /** Goes into the managed files, so that another version is a change. */
  readonly version: string;
  /** More lines for nsd.conf; nonsense is found by the validator. */
  readonly configuration?: string;
  /** What the ticker runs. */
  readonly ticker?: string;
  readonly probe?: string;
  readonly probeSeconds?: number;
  readonly extraFile?: string;
  readonly extraSeed?: string;
  readonly extraDirectory?: string;
  readonly packages?: readonly string[];
  readonly absentPackages?: readonly string[];
  readonly volume?: StateVolume;
}

const root = { owner: 'root', group: 'root', mode: '0644' };

/** A small state that has one of everything: a daemon of a package (nsd), one of our own, derived state, a seed. */
export function sampleState(sample: Sample): DesiredState {
  const { version, configuration = '', ticker = '/bin/sleep infinity', probe = 'systemctl is-active nsd' } = sample;
  return {
    os: { id: 'debian', versionId: '13' },
    volume: sample.volume,
    groups: [{ name: 'service' }],
    users: [
      { name: 'webapp', home: '/home/webapp', shell: '/bin/bash', groups: ['service'] },
      { name: 'nsd', home: '/var/lib/nsd', shell: '/usr/sbin/nologin', groups: ['service'], fromPackage: true },
    ],
    packages: ['nsd', ...(sample.packages ?? [])],
    absentPackages: sample.absentPackages ?? [],
    directories: [
      { path: '/etc/sample', owner: 'root', group: 'service', mode: '2775' },
      ...(sample.extraDirectory ? [{ path: sample.extraDirectory, owner: 'root', group: 'service', mode: '2750' }] : []),
    ],
    files: [
      {
        ...root,
        path: '/etc/nsd/nsd.conf',
        content: `server:\n  ip-address: 127.0.0.1\n  identity: "${version}"\n${configuration}remote-control:\n  control-enable: no\n`,
      },
      { ...root, path: '/etc/sample/parts/10_version', mode: '0640', group: 'service', content: `version = ${version}\n` },
      {
        ...root,
        path: '/etc/systemd/system/ticker.service',
        content: `[Service]\nExecStart=${ticker}\n[Install]\nWantedBy=multi-user.target\n`,
      },
      ...(sample.extraFile ? [{ ...root, path: sample.extraFile, content: 'extra\n' }] : []),
    ],
    seeds: ['/etc/sample/local', ...(sample.extraSeed ? [sample.extraSeed] : [])].map((path) => {
      return { path, owner: 'root', group: 'service', mode: '0664', content: '# yours\n' };
    }),
    validators: [{ name: 'nsd-checkconf', command: 'nsd-checkconf "$CANDIDATE/etc/nsd/nsd.conf"' }],
    derived: [
      {
        name: '/etc/sample/all',
        check: 'cat /etc/sample/parts/* 2>/dev/null | cmp -s - /etc/sample/all || { echo "parts changed"; exit 1; }',
        build: 'cat /etc/sample/parts/* >/etc/sample/.all && mv /etc/sample/.all /etc/sample/all',
      },
    ],
    services: [
      { unit: 'nsd.service', state: 'running', restartOn: ['/etc/nsd/'], reloadOn: [] },
      {
        unit: 'ticker.service',
        state: 'running',
        restartOn: ['/etc/systemd/system/ticker.service'],
        reloadOn: ['/etc/sample/all'],
        reloadCommand: 'date +%s%N >/run/ticker-reloaded',
      },
    ],
    probes: [{ name: 'nsd', command: probe, timeoutSeconds: sample.probeSeconds ?? 5 }],
  };
}
