import type { Input } from "@pulumi/pulumi";
import type { ValueOf } from "../../core/settings/table";

/** The types of what a program gives an explicit provider, derived from settings. */

type RequiredNames<Settings> = {
  [K in keyof Settings]: Settings[K] extends { readonly required: true } ? K : never;
}[keyof Settings];

/** What a setting of a shape takes from a program. */
type Given<S> = S extends { readonly kind: "object"; readonly members: infer Members }
  ? RequiredSettingsOf<Members> & OptionalSettingsOf<Members>
  : ValueOf<S>;

type Shape<Entry> = Entry extends { readonly shape: infer S } ? S : never;

/**
 * The settings that must be given. Separate from the others, because an interface that extends one type only is shown in compile errors as
 * that type, written out.
 */
export type RequiredSettingsOf<Settings> = Required<Wrapped<Pick<Settings, RequiredNames<Settings>>>>;

/**
 * The settings that may be left out.
 *
 * @typeParam Named the types of objects that have a name of their own, to be shown in compile errors
 */
export type OptionalSettingsOf<Settings, Named = unknown> = Wrapped<
  Pick<Settings, Exclude<keyof Settings, RequiredNames<Settings>>>,
  Named
>;

// Mapped over `keyof`, never with an `as` clause: only then do editors carry the comment of an entry over.
type Wrapped<Settings, Named = unknown> = {
  readonly [K in keyof Settings]?: Input<K extends keyof Named ? Named[K] : Given<Shape<Settings[K]>>>;
};
