import { PORTS } from '../../../lib/role/paths';

const { signing: _signing, unsigned: _unsigned, ...others } = PORTS;

/** Ports between Postfix and its filters on a host that does not sign. */
export const FILTER_PORTS = others;
