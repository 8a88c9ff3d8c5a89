import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

/** The same protocol texts through a well-known library, so that both sides of a test do not share their mistakes. */

const folder = resolve(__dirname, '../../../lib/provider/protocol');
const plain: protobuf.IConversionOptions = { longs: Number, enums: Number, bytes: Buffer, defaults: true, oneofs: false };

export const protoText = (file: string) => readFileSync(join(folder, file), 'utf8');

export function protoRoot(file: string): protobuf.Root {
  const { root } = protobuf.parse(protoText(file), { keepCase: true });
  root.resolveAll();
  return root;
}

function serviceDefinition(file: string, name: string): ServiceDefinition {
  const service = protoRoot(file).lookupService(name);
  return Object.fromEntries(
    service.methodsArray.map((method) => [method.name, methodDefinition(service.fullName.slice(1), method)]),
  );
}

function methodDefinition(service: string, method: protobuf.Method): MethodDefinition<object, object> {
  const { resolvedRequestType: request, resolvedResponseType: response } = method;
  if (!request || !response) throw new Error(`no types for ${method.name}`);
  return {
    path: `/${service}/${method.name}`,
    requestStream: method.requestStream ?? false,
    responseStream: method.responseStream ?? false,
    requestSerialize: (value) => encodeWith(request, value),
    requestDeserialize: (bytes) => decodeWith(request, bytes),
    responseSerialize: (value) => encodeWith(response, value),
    responseDeserialize: (bytes) => decodeWith(response, bytes),
  };
}

export const encodeWith = (type: protobuf.Type, value: object): Buffer =>
  Buffer.from(type.encode(type.fromObject(value)).finish());
export const decodeWith = (type: protobuf.Type, bytes: Uint8Array): object => type.toObject(type.decode(bytes), plain);

export const providerService = serviceDefinition('tfplugin6.proto', 'tfplugin6.Provider');
export const controllerService = serviceDefinition('go-plugin.proto', 'plugin.GRPCController');
export const healthService = serviceDefinition('health.proto', 'grpc.health.v1.Health');
