import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import goPlugin from './go-plugin.proto';
import health from './health.proto';
import provider, { type MessageType, type Method } from './tfplugin6.proto';

/** Reads like protobuf's own JSON, but with field names as written and 64-bit numbers as plain numbers. */
const plain = { longs: Number, enums: Number, bytes: Buffer, defaults: true, oneofs: false };

/** Turns one service of a compiled protocol text into what gRPC needs to serve or call it. */
function serviceDefinition(services: typeof provider, name: string): ServiceDefinition {
  const methods = services[name];
  if (!methods) throw new Error(`the protocol text has no service ${name}`);
  return Object.fromEntries(Object.entries(methods).map(([method, types]) => [method, methodDefinition(name, method, types)]));
}

function methodDefinition(service: string, method: string, types: Method): MethodDefinition<object, object> {
  const { request, response, requestStream, responseStream } = types;
  return {
    path: `/${service}/${method}`,
    requestStream,
    responseStream,
    requestSerialize: (value) => encode(request, value),
    requestDeserialize: (bytes) => request.toObject(request.decode(bytes), plain),
    responseSerialize: (value) => encode(response, value),
    responseDeserialize: (bytes) => response.toObject(response.decode(bytes), plain),
  };
}

const encode = (type: MessageType, value: object): Buffer => Buffer.from(type.encode(type.fromObject(value)).finish());

/** Terraform's `Provider` service, plugin protocol 6. */
export const providerService = serviceDefinition(provider, 'tfplugin6.Provider');
/** go-plugin: asks the plugin to end. */
export const controllerService = serviceDefinition(goPlugin, 'plugin.GRPCController');
/** go-plugin: carries what the plugin prints. */
export const stdioService = serviceDefinition(goPlugin, 'plugin.GRPCStdio');
/** go-plugin: side channels. */
export const brokerService = serviceDefinition(goPlugin, 'plugin.GRPCBroker');
/** gRPC's health check. */
export const healthService = serviceDefinition(health, 'grpc.health.v1.Health');
