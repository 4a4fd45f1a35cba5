//go:build tools

// Package tools pins the language host as a dependency, so that go.sum covers it.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
