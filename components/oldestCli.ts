/**
 * The oldest Pulumi CLI whose engine has all that the components use: error hooks, the youngest of
 * it, came with 3.217.0; Stash and resource hooks are older.
 */
export const OLDEST_CLI = "3.217.0";
