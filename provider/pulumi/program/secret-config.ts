import * as pulumi from "@pulumi/pulumi";

/** Whether the stack config has a key encrypted. Pulumi's SDK tells at run time only; one that does not has told of none to be in clear. */
export function isSecretInConfig(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };
  return isConfigSecret?.(key) ?? true;
}
