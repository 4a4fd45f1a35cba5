/** Everything a Pulumi program uses. The lifecycles live elsewhere and are loaded by Pulumi's provider process. */
export { Provider, type ProviderArgs } from "./program/provider";
export type { SecurityCenterProviderArgs, ZStackProviderArgs } from "./program/provider-args";
export * as zstack from "./program/zstack";
export * as securitycenter from "./program/securitycenter";
