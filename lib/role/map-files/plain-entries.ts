import type { MapName } from './names';

/**
 * Entries that every rule finds good, told at a glance: in a large file nearly all of them are, and a whole judgement takes twenty
 * times as long. No label is longer than 63 characters in them, and no name longer than 253, since none of their parts may be.
 */
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const NAME = `(?:${LABEL}\\.){1,3}[a-zA-Z](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?`;
const LOCAL = '[a-zA-Z0-9_][a-zA-Z0-9_+=-]{0,63}(?:\\.[a-zA-Z0-9_+=-]{1,64}){0,4}';
const ADDRESS = `${LOCAL}@${NAME}`;
const ACTION = '(?:OK|REJECT|DUNNO|DISCARD|HOLD|[45][0-9][0-9])(?: [ -~]*)?';

const entry = (key: string, value: string) => new RegExp(`^(?:${key})[ \\t]+(?:${value})$`);

export const PLAIN_ENTRIES: Readonly<Partial<Record<MapName, RegExp>>> = {
  accessHelo: entry(NAME, ACTION),
  accessRecipient: entry(`${ADDRESS}|${NAME}`, ACTION),
  accessSender: entry(`${ADDRESS}|${NAME}`, ACTION),
  canonical: entry(`${ADDRESS}|@${NAME}`, ADDRESS),
  // One target: several could be the same.
  virtualAliases: entry(`${ADDRESS}|@${NAME}`, `${ADDRESS}|[a-zA-Z0-9_]{1,64}`),
};
