/** Everything a Pulumi program uses. The lifecycles live elsewhere and are loaded by Pulumi's provider process. */
export { Provider, type ProviderArgs } from "./provider";
export type { ZStackProviderArgs } from "./zstack/provider-args";
export * as zstack from "./zstack";
