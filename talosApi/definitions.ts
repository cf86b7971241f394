import {
  loadPackageDefinition,
  type GrpcObject,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from "@grpc/proto-loader";

let packageDefinition: PackageDefinition | undefined;
let grpcObject: GrpcObject | undefined;

/** The definitions of all `.proto` files in this folder; read once, at the first call. */
export function talosDefinitions(): PackageDefinition {
  packageDefinition ??= loadSync(
    ["machine.proto", "storage.proto", "time.proto", "cosi.proto", "resources.proto"],
    { includeDirs: [__dirname], longs: String, enums: String, defaults: true },
  );
  return packageDefinition;
}

/** Services of the Talos API, by full name. */
export const SERVICES = {
  machine: "machine.MachineService",
  storage: "storage.StorageService",
  time: "time.TimeService",
  state: "cosi.resource.State",
} as const;

/**
 * Constructor of a service; carries `service`, the definition that a server is given.
 * @throws when the `.proto` files have no such service.
 */
export function serviceConstructor(fullName: string): ServiceClientConstructor {
  grpcObject ??= loadPackageDefinition(talosDefinitions());
  let found: unknown = grpcObject;
  for (const part of fullName.split(".")) {
    found = (found as GrpcObject | undefined)?.[part];
  }
  if (typeof found !== "function") {
    throw new Error(`talosApi has no service ${fullName}`);
  }
  return found as ServiceClientConstructor;
}

/**
 * Encoder and decoder of a message, for bytes that travel inside another one (`proto_spec`, `Any`).
 * @throws when the `.proto` files have no such message.
 */
export function messageType<T extends object>(fullName: string): MessageTypeDefinition<T, T> {
  const found = talosDefinitions()[fullName];
  if (found === undefined || !("serialize" in found)) {
    throw new Error(`talosApi has no message ${fullName}`);
  }
  return found as unknown as MessageTypeDefinition<T, T>;
}
