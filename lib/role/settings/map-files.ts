import type * as z from 'zod/mini';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { type Problem, text } from '../../settings/vocabulary';
import { MAP_FILES, MAP_NAMES, type MapName } from '../map-files/names';

/** The path of a file on the machine that runs the program or Terraform. */
const localFile: Problem = (value) => {
  if (value.trim() === '') return 'is empty: give the path of the file, or leave the map out';
  if (/[\r\n\0]/.test(value)) {
    return `has ${value.trim().split('\n').length > 1 ? 'several lines' : 'a line break'} and is not a path: give the path of the file that holds the entries`;
  }
  const file = /^file:\/\/(\/.*)$/.exec(value)?.[1];
  if (file !== undefined) return `'${value}' is a URL: give only the path '${file}'`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return `'${value}' is a URL: get the file first, and give its path`;
  if (value.startsWith('~'))
    return `'${value}' begins with ~, which only shells know: give the whole path, or one relative to cdktf.json`;
  if (value.endsWith('/')) return `'${value}' is a folder: give the path of a file`;
  return /^(hash|lmdb|btree|cdb|texthash|regexp|pcre|cidr|inline|proxy):/.test(value)
    ? `'${value}' names a type of table: give only the path of the text file, the host compiles it`
    : undefined;
};

const shape = MAP_NAMES.map((name) => [
  name,
  optional(text(localFile), `Path of the file for /etc/mail/${MAP_FILES[name]}, relative to the folder of cdktf.json.`),
]);

/** The maps that come from files, each by the path of its file. */
export const mapFiles = group(Object.fromEntries(shape) as Record<MapName, z.ZodMiniOptional<ReturnType<typeof text>>>);
