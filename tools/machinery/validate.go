package main

import (
	"fmt"
	"net/url"
	"strings"

	sideronet "github.com/siderolabs/net"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// mode is a platform mode of Talos: metal, cloud or container.
type mode string

func (m mode) String() string        { return string(m) }
func (m mode) RequiresInstall() bool { return m == "metal" || m == "metal-agent" }
func (m mode) InContainer() bool     { return m == "container" }

type validateParams struct {
	MachineConfiguration string `json:"machineConfiguration"`
	Mode                 mode   `json:"mode"`
	Strict               bool   `json:"strict"`
}

type validateResult struct {
	Warnings []string `json:"warnings"`
	// Empty for a configuration that a node accepts.
	Error string `json:"error,omitempty"`
}

// validateConfiguration says of a configuration what `talosctl validate` does.
func validateConfiguration(params validateParams) (*validateResult, error) {
	result := &validateResult{Warnings: []string{}}

	provider, err := configloader.NewFromBytes([]byte(params.MachineConfiguration))
	if err != nil {
		result.Error = err.Error()

		return result, nil
	}

	options := []validation.Option{validation.WithLocal()}
	if params.Strict {
		options = append(options, validation.WithStrict())
	}

	warnings, err := provider.Validate(params.Mode, options...)
	result.Warnings = append(result.Warnings, warnings...)

	if err != nil {
		result.Error = err.Error()
	}

	return result, nil
}

// checkInputsParams are what the provider checks before it generates; absent ones are not checked.
type checkInputsParams struct {
	ClusterEndpoint *string  `json:"clusterEndpoint"`
	ConfigPatches   []string `json:"configPatches"`
	TalosVersion    *string  `json:"talosVersion"`
}

type checkInputsResult struct {
	Problems []*failure `json:"problems"`
}

func checkInputs(params checkInputsParams) (*checkInputsResult, error) {
	result := &checkInputsResult{Problems: []*failure{}}
	add := func(summary string, err error) {
		if err != nil {
			result.Problems = append(result.Problems, &failure{Summary: summary, Detail: err.Error()})
		}
	}

	if params.ClusterEndpoint != nil {
		add("cluster_endpoint is invalid", checkClusterEndpoint(*params.ClusterEndpoint))
	}

	_, err := configpatcher.LoadPatches(params.ConfigPatches)
	add("config_patches are invalid", err)

	if params.TalosVersion != nil {
		_, err = config.ParseContractFromVersion(*params.TalosVersion)
		add("Invalid version", err)
	}

	return result, nil
}

func checkClusterEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil {
		if strings.Contains(endpoint, "/") {
			return fmt.Errorf("failed to parse the cluster endpoint URL: %w", err)
		}

		u = &url.URL{Host: endpoint}
	}

	switch {
	case u.Scheme == "" && u.Port() == "":
		return fmt.Errorf("no scheme and port specified for the cluster endpoint URL\ntry: %q", suggestedEndpoint(u))
	case u.Scheme == "":
		return fmt.Errorf("no scheme specified for the cluster endpoint URL\ntry: %q", suggestedEndpoint(u))
	case u.Scheme != "https":
		return fmt.Errorf("the control plane endpoint URL should have scheme https://\ntry: %q", suggestedEndpoint(u))
	}

	if err = sideronet.ValidateEndpointURI(endpoint); err != nil {
		return fmt.Errorf("error validating the cluster endpoint URL: %w", err)
	}

	return nil
}

func suggestedEndpoint(u *url.URL) *url.URL {
	// A bare host parses as a path.
	if u.Scheme == "" && u.Host == "" && u.Path != "" {
		u.Host, u.Path = u.Path, ""
	}

	u.Scheme = "https"

	if u.Port() == "" {
		u.Host = fmt.Sprintf("%s:%d", u.Host, constants.DefaultControlPlanePort)
	}

	return u
}
