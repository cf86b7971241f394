import type * as outputs from "../output/cluster";
import type { InputOf } from "./inputOf";

export type KubeconfigTimeouts = InputOf<outputs.KubeconfigTimeouts>;
export type ReadTimeouts = InputOf<outputs.ReadTimeouts>;
