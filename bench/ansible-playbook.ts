import type { DesiredState } from '../lib/host/desired-state';

/**
 * The same desired state as an Ansible playbook, written as its users would for speed: one task per kind, loops over the
 * items, no fact gathering. JSON is YAML.
 */
export function ansiblePlaybook(desired: DesiredState): string {
  const tasks = [
    // Not the apt module: it needs python3-apt on the host, and would be slower still.
    { name: 'packages', 'ansible.builtin.command': { argv: ['dpkg-query', '-W', ...desired.packages] }, changed_when: false },
    { name: 'groups', 'ansible.builtin.group': { name: '{{ item.name }}' }, loop: desired.groups },
    {
      name: 'users',
      'ansible.builtin.user': { name: '{{ item.name }}', groups: '{{ item.groups }}', append: true },
      loop: desired.users.filter((user) => user.groups.length > 0),
    },
    {
      name: 'directories',
      'ansible.builtin.file': {
        path: '{{ item.path }}',
        state: 'directory',
        owner: '{{ item.owner }}',
        group: '{{ item.group }}',
        mode: '{{ item.mode }}',
      },
      loop: desired.directories,
      loop_control: { label: '{{ item.path }}' },
    },
    {
      name: 'files',
      'ansible.builtin.copy': {
        src: 'files{{ item.path }}',
        dest: '{{ item.path }}',
        owner: '{{ item.owner }}',
        group: '{{ item.group }}',
        mode: '{{ item.mode }}',
      },
      loop: desired.files.map(({ path, owner, group, mode }) => ({ path, owner, group, mode })),
      loop_control: { label: '{{ item.path }}' },
    },
    {
      name: 'files of the service users exist',
      'ansible.builtin.file': {
        path: '{{ item.path }}',
        state: 'file',
        owner: '{{ item.owner }}',
        group: '{{ item.group }}',
        mode: '{{ item.mode }}',
      },
      loop: desired.seeds.map(({ path, owner, group, mode }) => ({ path, owner, group, mode })),
      loop_control: { label: '{{ item.path }}' },
    },
    {
      name: 'derived',
      'ansible.builtin.shell': desired.derived.map(({ check }) => `(${check}\n)`).join(' && '),
      changed_when: false,
    },
    {
      name: 'services',
      'ansible.builtin.systemd_service': { name: '{{ item }}', enabled: true, state: 'started' },
      loop: desired.services.filter((service) => service.state === 'running').map((service) => service.unit),
    },
  ];
  return `${JSON.stringify([{ hosts: 'all', gather_facts: false, become: '{{ become }}', tasks }], null, 1)}\n`;
}
