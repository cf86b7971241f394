export type { ChartKeys } from "./chartKeys";
export { type ChartValues, valueAt } from "./chartValues";
export { checkTalosValues } from "./checkTalosValues";
export { checkValues } from "./checkValues";
export { ciliumValues, type CiliumValuesInput } from "./ciliumValues";
export type { CertificateSecretNames } from "./hubble";
export { chartKeysFor, chartKeysOf } from "./keyIndex";
export { localChartVersion } from "./localChart";
export { minorNumber } from "./minorNumber";
