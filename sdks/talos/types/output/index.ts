export type * as cluster from "./cluster";
export type * as imagefactory from "./imagefactory";
export type * as machine from "./machine";
