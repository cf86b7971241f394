import type { Problem } from "../problems";
import type { ChartValues } from "./chartValues";
export type { ChartValues } from "./chartValues";
export { ciliumValues, type CiliumValuesInput } from "./ciliumValues";
export type { CertificateSecretNames } from "./hubble";
export function checkValues(_values: ChartValues, _version: string): Problem[] {
  return [];
}
