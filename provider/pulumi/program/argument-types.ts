import type { Input } from "@pulumi/pulumi";
import type { FieldTable, GivenInputsOf, InputsOf, OutputTable, StateOf } from "../../core/fields/fields";

/** The types of arguments, derived from field tables. */

type Primitive = string | number | boolean;

/** A value that may come later, at every depth. */
type DeepInput<T> = [T] extends [Primitive]
  ? Input<T>
  : InputOfPrimitive<Extract<T, Primitive>> | InputOfObject<Exclude<T, Primitive>>;

type InputOfPrimitive<T> = [T] extends [never] ? never : Input<T>;

type InputOfObject<T> = T extends readonly (infer Element)[]
  ? Input<DeepInput<Element>[]>
  : T extends object
    ? Input<{ [K in keyof T]: DeepInput<T[K]> }>
    : never;

type InputWrapped<Given> = {
  [K in keyof Given]: DeepInput<Exclude<Given[K], undefined>> | Extract<Given[K], undefined>;
};

/** A definition, as far as types are made from it. */
interface WithFields {
  readonly fields: FieldTable;
}

type RequiredNames<Fields> = {
  [K in keyof Fields]: Fields[K] extends { readonly required: true } ? K : never;
}[keyof Fields];

/**
 * The arguments of a resource that must be given. Separate from the others, because an interface that extends one type only is shown in
 * compile errors as that type, written out.
 */
export type RequiredArgsOf<Definition extends WithFields> = Pick<
  InputWrapped<GivenInputsOf<Definition["fields"]>>,
  RequiredNames<Definition["fields"]> & keyof GivenInputsOf<Definition["fields"]>
>;

/** The arguments of a resource that may be left out. */
export type OptionalArgsOf<Definition extends WithFields> = Without<
  InputWrapped<GivenInputsOf<Definition["fields"]>>,
  RequiredNames<Definition["fields"]>
>;

// `Omit` would lose the comments.
type Without<T, K> = Pick<T, Exclude<keyof T, K>>;

/** The canonical inputs of a resource. */
export type InputsIn<Definition extends WithFields> = InputsOf<Definition["fields"]>;

/** What state holds of a resource. */
export type StateIn<Definition extends WithFields & { readonly outputs: OutputTable }> = StateOf<
  Definition["fields"],
  Definition["outputs"]
>;
