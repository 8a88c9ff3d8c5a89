import type { ConnectionSettings } from '../../host/connection-settings';
import type { HostConnection } from '../../host/host-connection';
import type { PrivateState } from '../framework/resource';
import { addressOf } from './machine-identity';
import type { CreatedOn } from './replacement';

/** Why the last refresh could not look at the host: a kind of HostError, or `role` for settings that do not work. */
export interface Doubt {
  readonly kind: string;
  readonly message: string;
}

/** What is kept next to the state: fingerprints and remarks, no secrets. */
interface Notes {
  readonly doubt?: Doubt;
  /** The jump host as it was at first contact. */
  readonly jumpHost?: { readonly address: string; readonly key: string };
  /** Taken over by its address: the configuration names the machine for the first time. */
  readonly unnamed?: boolean;
  /** Taken over by its address and not looked at yet. */
  readonly unseen?: boolean;
  /** In a plan that creates the role: where. Never in a state. */
  readonly creates?: CreatedOn;
}

const without = (notes: PrivateState, name: keyof Notes): PrivateState =>
  Object.fromEntries(Object.entries(notes).filter(([key]) => key !== name));

export const withDoubt = (notes: PrivateState, doubt: Doubt): PrivateState => ({ ...notes, doubt });
export const withoutDoubt = (notes: PrivateState): PrivateState => without(notes, 'doubt');
export const doubtIn = (notes: Notes): Doubt | undefined => notes.doubt;

export const importNotes = (isNamed: boolean): PrivateState => (isNamed ? { unseen: true } : { unnamed: true, unseen: true });
export const isUnseen = (notes: Notes): boolean => notes.unseen === true;
export const seen = (notes: PrivateState): PrivateState => without(notes, 'unseen');
export const isUnnamed = (notes: Notes): boolean => notes.unnamed === true;
export const named = (notes: PrivateState): PrivateState => without(notes, 'unnamed');

export const withCreation = (notes: PrivateState, creates: CreatedOn | undefined): PrivateState =>
  creates === undefined ? withoutCreation(notes) : { ...notes, creates };
export const withoutCreation = (notes: PrivateState): PrivateState => without(notes, 'creates');
export const creationIn = (notes: Notes): CreatedOn | undefined => notes.creates;

/** The host key that the jump host proved at first contact; another address is another jump host. */
export function knownJumpHostKey({ jumpHost }: Notes, { bastion }: Pick<ConnectionSettings, 'bastion'>): string | undefined {
  return bastion && jumpHost?.address === addressOf(bastion) ? jumpHost.key : undefined;
}

/** Pins the jump host that a connection went through. */
export function withJumpHost(
  notes: PrivateState,
  { bastion }: ConnectionSettings,
  { jumpHostKey }: HostConnection,
): PrivateState {
  const others = without(notes, 'jumpHost');
  return bastion && jumpHostKey ? { ...others, jumpHost: { address: addressOf(bastion), key: jumpHostKey } } : others;
}
