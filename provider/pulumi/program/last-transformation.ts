import type { CustomResource, CustomResourceOptions, Inputs, ResourceTransformation } from "@pulumi/pulumi";

/**
 * A resource option of a class of ours that is applied after every transformation of the program: those of the resource, of its parents and
 * of the stack. Pulumi runs a resource's own transformations before those of its parents, so the list is put in order when it is set.
 */

/** Arguments and options. */
interface Final {
  readonly props: Inputs;
  readonly opts: CustomResourceOptions;
}

const LAST = new WeakSet<ResourceTransformation>();

/** A transformation for one resource that runs last. Children of the resource inherit it, and are left alone. */
export function lastTransformation(
  transform: (props: Inputs, opts: CustomResourceOptions) => Final,
): ResourceTransformation {
  let isDone = false;
  const last: ResourceTransformation = ({ props, opts }) => {
    if (isDone) {
      return undefined;
    }
    isDone = true;
    return transform(props, opts);
  };
  LAST.add(last);
  return last;
}

/**
 * Makes instances with this prototype keep their list of transformations in order. An SDK that keeps the list elsewhere runs the last
 * transformation before those of the parents.
 */
export function runLastTransformationsLast(prototype: CustomResource): void {
  Object.defineProperty(prototype, "__transformations", {
    set(this: CustomResource, list: readonly ResourceTransformation[]) {
      const isLast = (one: ResourceTransformation): boolean => LAST.has(one);
      Object.defineProperty(this, "__transformations", {
        value: [...list.filter((one) => !isLast(one)), ...list.filter(isLast)],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
}
