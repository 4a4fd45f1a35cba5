import * as fs from "node:fs";
import * as path from "node:path";

export const ROOT = path.resolve(__dirname, "..", "..");

export interface PackageLayout {
  /**
   * How this package lies in the project's node_modules: `"copy"` (as npm installs it from the registry), `"link"` (as a workspace or
   * `npm link` does), `"none"`, or the folder of an installed package to link to. Default `"copy"`, which a rebuild does not disturb.
   */
  install?: "copy" | "link" | "none" | { folder: string };
  /** Folder of the `@pulumi/pulumi` that the program and the provider process load; the one of this repository by default. */
  sdk?: string;
}

/** Folders of the oldest supported SDK and of the newest one that Node 20 runs. */
export const OLDEST_SDK = path.join(__dirname, "sdks", "node_modules", "pulumi-sdk-oldest");
export const NEWEST_SDK = path.join(__dirname, "sdks", "node_modules", "pulumi-sdk-newest");

/** The folder of the `@pulumi/pulumi` that this repository develops with. */
export const DEFAULT_SDK = path.join(ROOT, "node_modules", "@pulumi", "pulumi");

/** Fills the node_modules of a scratch project. */
export function installPackage(projectFolder: string, layout: PackageLayout): void {
  const modules = path.join(projectFolder, "node_modules");
  link(layout.sdk ?? DEFAULT_SDK, path.join(modules, "@pulumi", "pulumi"));
  const { install = "copy" } = layout;
  const target = path.join(modules, "pulumi-dingtalk");
  if (install === "none") {
    return;
  }
  if (install === "link") {
    link(ROOT, target);
  } else if (install === "copy") {
    copyPackage(target, modules);
  } else {
    link(install.folder, target);
  }
}

function copyPackage(target: string, modules: string): void {
  const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    files: string[];
    dependencies: Record<string, string>;
  };
  // No project needs the documents and examples that are published, too.
  for (const name of ["package.json", ...manifest.files.filter((one) => one.startsWith("dist/"))]) {
    const source = path.join(ROOT, name);
    if (fs.existsSync(source)) {
      fs.cpSync(source, path.join(target, name), { recursive: true });
    }
  }
  for (const name of Object.keys(manifest.dependencies)) {
    link(path.join(ROOT, "node_modules", name), path.join(modules, name));
  }
}

function link(source: string, target: string): void {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.symlinkSync(fs.realpathSync(source), target, "dir");
}
