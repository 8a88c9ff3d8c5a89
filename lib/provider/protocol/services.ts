import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import goPluginProto from './go-plugin.proto';
import healthProto from './health.proto';
import providerProto from './tfplugin6.proto';

/** Reads like protobuf's own JSON, but with field names as written and 64-bit numbers as plain numbers. */
const plain: protobuf.IConversionOptions = { longs: Number, enums: Number, bytes: Buffer, defaults: true, oneofs: false };

/** Turns one service of a proto text into what gRPC needs to serve or call it. */
function serviceDefinition(text: string, name: string): ServiceDefinition {
  const { root } = protobuf.parse(text, { keepCase: true });
  root.resolveAll();
  const service = root.lookupService(name);
  const path = service.fullName.slice(1);
  return Object.fromEntries(service.methodsArray.map((method) => [method.name, methodDefinition(path, method)]));
}

function methodDefinition(service: string, method: protobuf.Method): MethodDefinition<object, object> {
  const { resolvedRequestType: request, resolvedResponseType: response } = method;
  if (!request || !response) throw new Error(`the protocol text has no types for ${service}.${method.name}`);
  return {
    path: `/${service}/${method.name}`,
    requestStream: method.requestStream ?? false,
    responseStream: method.responseStream ?? false,
    requestSerialize: (value) => encode(request, value),
    requestDeserialize: (bytes) => request.toObject(request.decode(bytes), plain),
    responseSerialize: (value) => encode(response, value),
    responseDeserialize: (bytes) => response.toObject(response.decode(bytes), plain),
  };
}

const encode = (type: protobuf.Type, value: object): Buffer => Buffer.from(type.encode(type.fromObject(value)).finish());

/** Terraform's `Provider` service, plugin protocol 6. */
export const providerService = serviceDefinition(providerProto, 'tfplugin6.Provider');
/** go-plugin: asks the plugin to end. */
export const controllerService = serviceDefinition(goPluginProto, 'plugin.GRPCController');
/** go-plugin: carries what the plugin prints. */
export const stdioService = serviceDefinition(goPluginProto, 'plugin.GRPCStdio');
/** go-plugin: side channels. */
export const brokerService = serviceDefinition(goPluginProto, 'plugin.GRPCBroker');
/** gRPC's health check. */
export const healthService = serviceDefinition(healthProto, 'grpc.health.v1.Health');
