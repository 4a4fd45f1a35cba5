import type { Input } from "@pulumi/pulumi";
import type { Setting } from "../core/settings/setting-table";
import type { securityCenterSettings } from "../securitycenter/settings/table";
import type { zstackSettings } from "../zstack/settings/table";

/** What a setting's value may be in a program. */
type ValueOf<S> = S extends { readonly words: readonly (infer Word)[] }
  ? Input<Word>
  : S extends { readonly kind: "object"; readonly members?: infer Members }
    ? Input<{ [K in keyof NonNullable<Members>]: Input<NonNullable<NonNullable<Members>[K]>> }>
    : S extends { readonly kind: "number" }
      ? Input<number>
      : S extends { readonly kind: "boolean" }
        ? Input<boolean>
        : Input<string>;

type RequiredNames<Entries> = {
  [K in keyof Entries]: Entries[K] extends { readonly required: true } ? K : never;
}[keyof Entries];

type Values<Entries extends Readonly<Record<string, Setting>>> = {
  readonly [K in keyof Entries]: ValueOf<Entries[K]>;
};

// Two bases, because an interface that extends one type only is shown in compile errors as that type, written out.
type RequiredSettings<Entries extends Readonly<Record<string, Setting>>> = Pick<
  Values<Entries>,
  RequiredNames<Entries>
>;
type OptionalSettings<Entries extends Readonly<Record<string, Setting>>> = Partial<
  Pick<Values<Entries>, Exclude<keyof Entries, RequiredNames<Entries>>>
>;

/** A connection to a ZStack management node. Give an access key, or an account and its password. */
export interface ZStackProviderArgs
  extends
    RequiredSettings<(typeof zstackSettings)["entries"]>,
    OptionalSettings<(typeof zstackSettings)["entries"]> {}

/** A connection to Security Center. Credentials that are left out are found as the vendor's tools find them. */
export interface SecurityCenterProviderArgs
  extends
    RequiredSettings<(typeof securityCenterSettings)["entries"]>,
    OptionalSettings<(typeof securityCenterSettings)["entries"]> {}
