import type { TRANSPORT_SETTINGS } from "../core/settings/transport-settings";
import type { OptionalSettingsOf, RequiredSettingsOf } from "../pulumi/program/setting-types";
import type { oidcRoleMembers, roleMembers } from "../securitycenter/credentials/roles";
import type { settings as securitycenter } from "../securitycenter/settings/table";
import type { settings as zstack } from "../zstack/settings/table";

/** A connection to a ZStack management node. Give an access key, or an account and its password. */
export interface ZStackProviderArgs
  extends
    RequiredSettingsOf<typeof zstack>,
    OptionalSettingsOf<typeof zstack>,
    OptionalSettingsOf<typeof TRANSPORT_SETTINGS> {}

/** A RAM role that is assumed with the keys of the connection. Its members are those of `@pulumi/alicloud`. */
export interface AssumeRoleArgs
  extends RequiredSettingsOf<typeof roleMembers>, OptionalSettingsOf<typeof roleMembers> {}

/** A RAM role that is assumed with the token of an identity provider, without keys. */
export interface AssumeRoleWithOidcArgs
  extends RequiredSettingsOf<typeof oidcRoleMembers>, OptionalSettingsOf<typeof oidcRoleMembers> {}

/** The objects among the settings of Security Center. */
interface NamedArgs {
  readonly assumeRole: AssumeRoleArgs;
  readonly assumeRoleWithOidc: AssumeRoleWithOidcArgs;
}

/** A connection to Security Center. Credentials that are left out are found as the vendor's tools find them. */
export interface SecurityCenterProviderArgs
  extends
    OptionalSettingsOf<typeof securitycenter, NamedArgs>,
    OptionalSettingsOf<typeof TRANSPORT_SETTINGS> {}
