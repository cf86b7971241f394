package main

import (
	"fmt"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/bundle"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/gendata"
)

type generateParams struct {
	ClusterName     string         `json:"clusterName"`
	ClusterEndpoint string         `json:"clusterEndpoint"`
	MachineType     string         `json:"machineType"`
	MachineSecrets  machineSecrets `json:"machineSecrets"`
	// Empty is a version, too; absent means the library's own.
	KubernetesVersion *string `json:"kubernetesVersion"`
	// The version contract; absent means the library's own.
	TalosVersion  *string  `json:"talosVersion"`
	ConfigPatches []string `json:"configPatches"`
	Docs          bool     `json:"docs"`
	Examples      bool     `json:"examples"`
}

type configurationResult struct {
	MachineConfiguration string `json:"machineConfiguration"`
	KubernetesVersion    string `json:"kubernetesVersion,omitempty"`
	TalosVersion         string `json:"talosVersion,omitempty"`
}

// defaultContract is the contract of the library's own version, v1.13.
func defaultContract() string {
	parts := strings.SplitN(gendata.VersionTag, ".", 3)

	return strings.Join(parts[:2], ".")
}

func generateConfiguration(params generateParams) (*configurationResult, error) {
	result := &configurationResult{
		KubernetesVersion: constants.DefaultKubernetesVersion,
		TalosVersion:      defaultContract(),
	}

	if params.KubernetesVersion != nil {
		result.KubernetesVersion = *params.KubernetesVersion
	}

	if params.TalosVersion != nil {
		result.TalosVersion = *params.TalosVersion
	}

	secretsBundle, err := toBundle(params.MachineSecrets)
	if err != nil {
		return nil, failed("failed to convert machine secrets certs to secrets bundle certs", err)
	}

	contract, err := config.ParseContractFromVersion(result.TalosVersion)
	if err != nil {
		return nil, failed("failed to generate machine configuration", err)
	}

	patches, err := configpatcher.LoadPatches(params.ConfigPatches)
	if err != nil {
		return nil, failed("failed to generate machine configuration", fmt.Errorf("error parsing config patch: %w", err))
	}

	machineType, err := machine.ParseType(params.MachineType)
	if err != nil {
		return nil, failed("failed to generate machine configuration", err)
	}

	withPatches := bundle.WithPatchWorker(patches)
	if machineType == machine.TypeControlPlane {
		withPatches = bundle.WithPatchControlPlane(patches)
	}

	configBundle, err := bundle.NewBundle(
		bundle.WithInputOptions(&bundle.InputOptions{
			ClusterName: params.ClusterName,
			Endpoint:    params.ClusterEndpoint,
			KubeVersion: strings.TrimPrefix(result.KubernetesVersion, "v"),
			GenOptions: []generate.Option{
				generate.WithClusterDiscovery(true),
				generate.WithDNSDomain(constants.DefaultDNSDomain),
				generate.WithInstallDisk("/dev/sda"),
				generate.WithInstallImage(installerImage()),
				generate.WithSecretsBundle(secretsBundle),
				generate.WithVersionContract(contract),
			},
		}),
		bundle.WithVerbose(false),
		withPatches,
	)
	if err != nil {
		return nil, failed("failed to generate machine configuration", err)
	}

	bytes, err := configBundle.Serialize(comments(params), machineType)
	if err != nil {
		return nil, failed("failed to generate machine configuration", err)
	}

	result.MachineConfiguration = string(bytes)

	return result, nil
}

// installerImage is the one of the library's own version, whatever the contract.
func installerImage() string {
	return fmt.Sprintf("%s/%s/installer:%s", gendata.ImagesRegistry, gendata.ImagesUsername, gendata.VersionTag)
}

func comments(params generateParams) encoder.CommentsFlags {
	flags := encoder.CommentsDisabled

	if params.Docs {
		flags |= encoder.CommentsDocs
	}

	if params.Examples {
		flags |= encoder.CommentsExamples
	}

	return flags
}

type patchParams struct {
	MachineConfiguration string   `json:"machineConfiguration"`
	ConfigPatches        []string `json:"configPatches"`
}

func patchConfiguration(params patchParams) (*configurationResult, error) {
	patches, err := configpatcher.LoadPatches(params.ConfigPatches)
	if err != nil {
		return nil, failed("Error loading config patches", err)
	}

	patched, err := configpatcher.Apply(configpatcher.WithBytes([]byte(params.MachineConfiguration)), patches)
	if err != nil {
		return nil, failed("Error applying config patches", err)
	}

	bytes, err := patched.Bytes()
	if err != nil {
		return nil, failed("Error converting config to bytes", err)
	}

	return &configurationResult{MachineConfiguration: string(bytes)}, nil
}
