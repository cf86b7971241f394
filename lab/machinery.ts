import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Cluster PKI and tokens in the provider's words; certificates and keys are base64 of PEM. A secret. */
export interface MachineSecretsData {
  cluster: { id: string; secret: string };
  secrets: {
    bootstrapToken: string;
    secretboxEncryptionSecret: string;
    /** Only bundles of Talos before 1.3 have it. */
    aescbcEncryptionSecret?: string | null;
  };
  trustdinfo: { token: string };
  certs: Record<"etcd" | "k8s" | "k8sAggregator" | "os", { cert: string; key: string }> & {
    k8sServiceaccount: { key: string };
  };
}

/** Credentials of the Talos API, each base64 of PEM. */
export interface ClientConfigurationData {
  caCertificate: string;
  clientCertificate: string;
  clientKey: string;
}

/** Inputs of `talos:machine/getConfiguration`; an absent version is the library's own. */
export interface GenerateParams {
  clusterName: string;
  clusterEndpoint: string;
  machineType: string;
  machineSecrets: MachineSecretsData;
  kubernetesVersion?: string;
  /** The version contract. */
  talosVersion?: string;
  configPatches?: string[];
  docs?: boolean;
  examples?: boolean;
}

export interface GenerateResult {
  /** All documents, YAML. A secret. */
  machineConfiguration: string;
  kubernetesVersion: string;
  talosVersion: string;
}

/** What a node, or `talosctl validate`, says of a configuration. */
export interface Validation {
  warnings: string[];
  /** Absent where the configuration is accepted. */
  error?: string;
}

/** An error of Talos' library, in the two parts that the provider shows. */
export class MachineryError extends Error {
  override readonly name = "MachineryError";
  constructor(
    readonly summary: string,
    readonly detail: string,
    /** The library panicked, which ends the real provider; its stack. */
    readonly panic?: string,
  ) {
    super(`${summary}: ${detail}`);
  }
}

interface Response {
  id: number;
  result?: unknown;
  error?: { summary: string; detail: string; panic?: string; stack?: string };
}

interface Waiter {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Talos' own configuration library, run as a child process (`tools/machinery`). Calls run side by side and
 * reject with {@link MachineryError}; all fail when the process ends.
 */
export class Machinery {
  private readonly waiters = new Map<number, Waiter>();
  private lastId = 0;
  private ended: Error | undefined;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    createInterface({ input: child.stdout }).on("line", (line) => this.settle(line));
    // Writing to a process that is gone emits here; its end rejects the calls.
    child.stdin.on("error", () => undefined);
    child.stderr.resume();
    child.once("exit", (code, signal) =>
      this.end(new Error(`machinery (${child.spawnfile}) ended: ${signal ?? `exit code ${code}`}`)),
    );
  }

  /**
   * Starts the program.
   * @throws when it cannot be started.
   */
  static async start(binary: string): Promise<Machinery> {
    const child = spawn(binary, [], { stdio: "pipe" });
    try {
      await once(child, "spawn");
    } catch (error) {
      throw new Error(`cannot start machinery ${binary}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    return new Machinery(child);
  }

  /** Any method of the program, by name. */
  call<TResult>(method: string, params: object): Promise<TResult> {
    if (this.ended !== undefined) {
      return Promise.reject(this.ended);
    }
    const id = ++this.lastId;
    return new Promise<TResult>((resolve, reject) => {
      this.waiters.set(id, { resolve: (result) => resolve(result as TResult), reject });
      this.child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  /** New PKI and tokens for a contract (`v1.13`, `1.13`, `v1.13.2`) and an admin's credentials for a year. */
  secrets(talosVersion: string): Promise<{
    machineSecrets: MachineSecretsData;
    clientConfiguration: ClientConfigurationData;
  }> {
    return this.call("secrets", { talosVersion });
  }

  /** New admin's credentials of the same PKI. */
  clientConfiguration(machineSecrets: MachineSecretsData): Promise<ClientConfigurationData> {
    return this.call("clientConfiguration", { machineSecrets });
  }

  /** A machine configuration, as `talosctl gen config` makes it; it is not validated. */
  generate(params: GenerateParams): Promise<GenerateResult> {
    return this.call("generate", params);
  }

  /** The configuration with the patches applied in order. */
  async patch(machineConfiguration: string, configPatches: readonly string[]): Promise<string> {
    const result = await this.call<{ machineConfiguration: string }>("patch", {
      machineConfiguration,
      configPatches,
    });
    return result.machineConfiguration;
  }

  /** What a node in this mode says of the configuration; `strict` turns warnings into errors. */
  validate(
    machineConfiguration: string,
    options: { mode?: "metal" | "cloud" | "container"; strict?: boolean } = {},
  ): Promise<Validation> {
    return this.call("validate", { machineConfiguration, mode: "metal", ...options });
  }

  /** A talosconfig, YAML. A secret. */
  async talosconfig(params: {
    clusterName: string;
    clientConfiguration: ClientConfigurationData;
    endpoints?: string[];
    nodes?: string[];
  }): Promise<string> {
    return (await this.call<{ talosConfig: string }>("talosconfig", params)).talosConfig;
  }

  /** Ends the program after the calls under way. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.ended === undefined) {
      const exited = once(this.child, "exit");
      this.child.stdin.end();
      await exited;
    }
  }

  private settle(line: string): void {
    const { id, result, error } = JSON.parse(line) as Response;
    const waiter = this.waiters.get(id);
    this.waiters.delete(id);
    if (error === undefined) {
      waiter?.resolve(result);
    } else {
      const { summary, detail, panic, stack } = error;
      waiter?.reject(
        new MachineryError(summary, detail, panic === undefined ? undefined : (stack ?? panic)),
      );
    }
  }

  private end(reason: Error): void {
    this.ended = reason;
    for (const waiter of this.waiters.values()) {
      waiter.reject(reason);
    }
    this.waiters.clear();
  }
}
