import type { OnStep } from '../system';

/** Numbers of resources. */
export interface ApplyResult {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

interface Message {
  readonly type?: string;
  readonly hook?: { readonly resource?: { readonly addr: string }; readonly action?: string; readonly elapsed_seconds?: number };
  readonly changes?: { readonly add: number; readonly change: number; readonly remove: number; readonly operation: string };
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail?: string;
    readonly address?: string;
    readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
  };
}

/** Verbs of Terraform's actions, for people. */
const verbs: Readonly<Record<string, string>> = { create: 'create', update: 'change', delete: 'destroy', read: 'read' };

/** Reads `terraform apply -json` line by line: each resource is a step, errors are kept. */
export class TerraformLog {
  readonly errors: string[] = [];
  result: ApplyResult = { added: 0, changed: 0, destroyed: 0 };
  private readonly begun = new Map<string, number>();

  constructor(
    private readonly onStep: OnStep,
    private readonly now: () => number = () => performance.now(),
  ) {}

  line(line: string): void {
    if (!line.startsWith('{')) {
      if (line.trim()) this.errors.push(line);
      return;
    }
    const message = JSON.parse(line) as Message;
    if (message.type === 'diagnostic') this.diagnostic(message);
    else if (message.type === 'change_summary') this.summary(message);
    else if (message.type?.startsWith('apply_')) this.resource(message.type, message.hook);
  }

  private resource(type: string, hook: Message['hook']): void {
    const title = `${verbs[hook?.action ?? ''] ?? hook?.action} ${hook?.resource?.addr}`;
    if (type === 'apply_start') {
      this.begun.set(title, this.now());
      this.onStep({ title, state: 'started' });
    } else if (type === 'apply_complete' || type === 'apply_errored') {
      const begin = this.begun.get(title);
      if (begin === undefined) return;
      this.begun.delete(title);
      this.onStep({ title, state: type === 'apply_complete' ? 'done' : 'failed', milliseconds: Math.round(this.now() - begin) });
    }
  }

  private summary({ changes }: Message): void {
    if (!changes || changes.operation === 'plan') return;
    this.result = { added: changes.add, changed: changes.change, destroyed: changes.remove };
  }

  private diagnostic({ diagnostic }: Message): void {
    if (diagnostic?.severity !== 'error') return;
    const where = diagnostic.address ? ` (${diagnostic.address})` : '';
    this.errors.push([`Error: ${diagnostic.summary}${where}`, diagnostic.detail?.trim()].filter(Boolean).join('\n  '));
  }
}
