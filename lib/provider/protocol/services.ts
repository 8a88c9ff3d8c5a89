import goPluginProto from './go-plugin.proto';
import healthProto from './health.proto';
import { type Method, parseProto } from './proto-schema';
import providerProto from './tfplugin6.proto';

function methodsOf(text: string, service: string): readonly Method[] {
  const methods = parseProto(text).get(service);
  if (!methods) throw new Error(`the protocol text has no service ${service}`);
  return methods;
}

/** Terraform's `Provider` service, plugin protocol 6. */
export const providerMethods = methodsOf(providerProto, 'Provider');
/** go-plugin: asks the plugin to end. */
export const controllerMethods = methodsOf(goPluginProto, 'GRPCController');
/** go-plugin: what the plugin prints, and side channels; both are opened and carry nothing here. */
export const idleMethods = [...methodsOf(goPluginProto, 'GRPCStdio'), ...methodsOf(goPluginProto, 'GRPCBroker')];
/** gRPC's health check, go-plugin's ping. */
export const healthMethods = methodsOf(healthProto, 'Health');
