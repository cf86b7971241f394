import type * as pulumi from "@pulumi/pulumi";

/** A type of the schema where every value at every depth may also come late. */
export type InputOf<T> = T extends readonly (infer E)[]
  ? pulumi.Input<InputOf<E>>[]
  : T extends object
    ? { [K in keyof T]: pulumi.Input<InputOf<T[K]>> }
    : T;
