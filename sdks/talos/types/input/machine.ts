import type * as outputs from "../output/machine";
import type { InputOf } from "./inputOf";

export type ClientConfiguration = InputOf<outputs.ClientConfiguration>;
export type MachineSecrets = InputOf<outputs.MachineSecrets>;
export type ConfigurationApplyOnDestroy = InputOf<outputs.ConfigurationApplyOnDestroy>;
export type Timeout = InputOf<outputs.Timeout>;
export type BootstrapTimeouts = InputOf<outputs.BootstrapTimeouts>;
export type GetDisksTimeouts = InputOf<outputs.GetDisksTimeouts>;
