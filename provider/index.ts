/** Everything a Pulumi program uses. The lifecycles live elsewhere and are loaded by Pulumi's provider process. */
export { Provider, type ProviderArgs } from "./provider";
export type { SecurityCenterProviderArgs } from "./securitycenter/provider-args";
export type { ZStackProviderArgs } from "./zstack/provider-args";
export * as zstack from "./zstack";
export * as securitycenter from "./securitycenter";
