// @ts-check
"use strict";

/**
 * Who may import whom. `test/layers.test.ts` breaks each of these rules in a small tree and expects it to be reported.
 *
 *   cli        → emulator
 *   provider/  core ← pulumi ← zstack, securitycenter ← index, runtime
 *   emulator/  nothing of provider/; frame ← zstack, securitycenter, dingtalk ← index, start
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: "core-is-the-bottom",
      comment: "core knows no cloud and no Pulumi; what it needs of them comes as an argument.",
      severity: "error",
      from: { path: "^provider/core/" },
      to: { path: "^(provider/(?!core/)|emulator/|cli/|node_modules/@pulumi/)" },
    },
    {
      name: "pulumi-knows-no-cloud",
      comment: "The Pulumi side serves every cloud; resources are registered with it.",
      severity: "error",
      from: { path: "^provider/pulumi/" },
      to: { path: "^provider/(?!core/|pulumi/)" },
    },
    {
      name: "clouds-do-not-meet",
      comment: "What two clouds share belongs to core.",
      severity: "error",
      from: { path: "^provider/(?!core/|pulumi/)([^/]+)/" },
      to: { path: "^provider/(?!core/|pulumi/)([^/]+)/", pathNot: "^provider/$1/" },
    },
    {
      name: "clouds-do-not-import-the-surface",
      comment:
        "provider/index.ts and provider/runtime.ts put everything together; nothing inside needs them.",
      severity: "error",
      from: { path: "^provider/[^/]+/" },
      to: { path: "^provider/[^/]+\\.ts$" },
    },
    {
      name: "provider-without-emulator",
      comment: "The emulator is for tests and trying out; the provider must work without it.",
      severity: "error",
      from: { path: "^provider/" },
      to: { path: "^(emulator|cli)/" },
    },
    {
      name: "emulator-without-provider",
      comment: "A judge that shares a line with the client it judges would share its mistakes.",
      severity: "error",
      from: { path: "^emulator/" },
      to: { path: "^(provider|cli)/" },
    },
    {
      name: "frame-is-the-bottom",
      comment: "The frame plays every emulated service and knows none.",
      severity: "error",
      from: { path: "^emulator/frame/" },
      to: { path: "^emulator/(?!frame/)" },
    },
    {
      name: "emulated-services-do-not-meet",
      comment: "They talk over sockets, as the real ones do; what they share belongs to the frame.",
      severity: "error",
      from: { path: "^emulator/(?!frame/)([^/]+)/" },
      to: { path: "^emulator/(?!frame/)", pathNot: "^emulator/$1/" },
    },
    {
      name: "only-http-knows-axios",
      comment: "Errors of axios print Authorization and the signed URL; they must not leave this one file.",
      severity: "error",
      from: { path: "^(provider|cli)/", pathNot: "^provider/core/transport/http\\.ts$" },
      to: { path: "^node_modules/axios/" },
    },
    {
      name: "wire-code-without-pulumi",
      comment:
        "Of a cloud's files only its resources (and what puts them together) may know Pulumi. Clients, settings and the functions per vendor action are plain code over plain values: a second front will call them, too.",
      severity: "error",
      from: {
        path: "^provider/(?!core/|pulumi/)[^/]+/",
        pathNot: "^provider/[^/]+/(resources/[^/]+|index|provider-args)\\.ts$",
      },
      to: { path: "^(provider/pulumi/|node_modules/@pulumi/)" },
    },
    {
      name: "only-the-provider-knows-pulumi",
      comment: "Emulator and command work without a Pulumi SDK.",
      severity: "error",
      from: { path: "^(emulator|cli)/" },
      to: { path: "^node_modules/@pulumi/" },
    },
    {
      name: "no-development-packages",
      comment: "What is published may only import what is installed with it.",
      severity: "error",
      from: { path: "^(provider|emulator|cli)/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        pathNot: "^node_modules/(@pulumi/pulumi|@types)/",
      },
    },
    {
      name: "no-cycles",
      comment: "A cycle makes the order of loading decide what works.",
      severity: "error",
      from: { path: "^(provider|emulator|cli)/" },
      // Types are gone at run time.
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "not-resolvable",
      comment: "The imported file or package does not exist.",
      severity: "error",
      from: { path: "^(provider|emulator|cli)/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "default", "types"],
    },
  },
};
