import type * as outputs from "../output/imagefactory";
import type { InputOf } from "./inputOf";

export type NamesFilter = InputOf<outputs.NamesFilter>;
export type OverlaysFilter = InputOf<outputs.OverlaysFilter>;
export type VersionsFilter = InputOf<outputs.VersionsFilter>;
