package main

import (
	"github.com/siderolabs/talos/pkg/machinery/api/resource/definitions/block"
	"github.com/siderolabs/talos/pkg/machinery/cel"
	"github.com/siderolabs/talos/pkg/machinery/cel/celenv"
	"google.golang.org/protobuf/proto"
)

type matchDisksParams struct {
	// Selector is a CEL expression over `disk`; empty matches all.
	Selector string `json:"selector"`
	// Disks are DiskSpec messages, base64 of their protobuf form.
	Disks [][]byte `json:"disks"`
}

type matchDisksResult struct {
	// Matches are indices into Disks.
	Matches []int `json:"matches"`
}

func matchDisks(params matchDisksParams) (*matchDisksResult, error) {
	selector := params.Selector
	if selector == "" {
		selector = "true"
	}

	expression, err := cel.ParseBooleanExpression(selector, celenv.DiskLocator())
	if err != nil {
		return nil, failed("failed to parse celenv selector", err)
	}

	result := &matchDisksResult{Matches: []int{}}

	for index, bytes := range params.Disks {
		var spec block.DiskSpec

		if err = proto.Unmarshal(bytes, &spec); err != nil {
			return nil, failed("failed to get list of disks", err)
		}

		matches, err := expression.EvalBool(celenv.DiskLocator(), map[string]any{"disk": &spec, "system_disk": false})
		if err != nil {
			return nil, failed("failed to get list of disks", err)
		}

		if matches {
			result.Matches = append(result.Matches, index)
		}
	}

	return result, nil
}
