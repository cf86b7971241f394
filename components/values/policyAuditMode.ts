import type { ChartValues } from "./chartValues";

/** Whether policies only note what they would drop. */
export function policyAuditModeValues(input: { readonly policyAuditMode?: boolean }): ChartValues {
  const { policyAuditMode } = input;
  return policyAuditMode === undefined ? {} : { policyAuditMode };
}
