/** The environment variables that the vendor's tools read for credentials. */

/** Names of keys, by family: an id of one never pairs with a secret of another. First found wins. */
export const KEY_FAMILIES = [
  {
    id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    token: "ALIBABA_CLOUD_SECURITY_TOKEN",
  },
  { id: "ALICLOUD_ACCESS_KEY", secret: "ALICLOUD_SECRET_KEY", token: "ALICLOUD_SECURITY_TOKEN" },
  {
    id: "ALIBABACLOUD_ACCESS_KEY_ID",
    secret: "ALIBABACLOUD_ACCESS_KEY_SECRET",
    token: "ALIBABACLOUD_SECURITY_TOKEN",
  },
] as const;
/** Terraform's name for another file of profiles of the aliyun command. */
export const PROFILES_FILE_VARIABLE = "ALICLOUD_SHARED_CREDENTIALS_FILE";
export const PROFILE_VARIABLES = ["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"] as const;
/** Terraform's names for what the vendor's chain looks for under names of its own, and last. Naming it is a wish. */
export const INSTANCE_ROLE_VARIABLE = "ALICLOUD_ECS_ROLE_NAME";
export const CREDENTIALS_URI_VARIABLE = "ALICLOUD_CREDENTIALS_URI";
/** A role to assume. The vendor's name means a role of RRSA where the other two variables of that are set, too. */
export const ROLE_ARN_VARIABLES = ["ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"] as const;
export const RRSA_VARIABLES = ["ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"] as const;
export const SESSION_NAME_VARIABLES = [
  "ALICLOUD_ASSUME_ROLE_SESSION_NAME",
  "ALIBABA_CLOUD_ROLE_SESSION_NAME",
] as const;
export const SESSION_SECONDS_VARIABLE = "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION";
