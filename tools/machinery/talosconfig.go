package main

import (
	"github.com/siderolabs/crypto/x509"
	clientconfig "github.com/siderolabs/talos/pkg/machinery/client/config"
)

type talosconfigParams struct {
	ClusterName         string              `json:"clusterName"`
	ClientConfiguration clientConfiguration `json:"clientConfiguration"`
	Endpoints           []string            `json:"endpoints"`
	Nodes               []string            `json:"nodes"`
}

type talosconfigResult struct {
	TalosConfig string `json:"talosConfig"`
}

func talosconfig(params talosconfigParams) (*talosconfigResult, error) {
	client := params.ClientConfiguration
	decoded := make([][]byte, 0, 3)

	for _, text := range []string{client.CACertificate, client.ClientCertificate, client.ClientKey} {
		bytes, err := decode(text)
		if err != nil {
			return nil, failed("failed to generate talos config", err)
		}

		decoded = append(decoded, bytes)
	}

	config := clientconfig.NewConfig(
		params.ClusterName,
		nil,
		decoded[0],
		&x509.PEMEncodedCertificateAndKey{Crt: decoded[1], Key: decoded[2]},
	)

	if len(params.Endpoints) > 0 {
		config.Contexts[params.ClusterName].Endpoints = params.Endpoints
	}

	if len(params.Nodes) > 0 {
		config.Contexts[params.ClusterName].Nodes = params.Nodes
	}

	bytes, err := config.Bytes()
	if err != nil {
		return nil, failed("failed to generate talos config", err)
	}

	return &talosconfigResult{TalosConfig: string(bytes)}, nil
}
