package main

import (
	"encoding/base64"
	"os"
	"time"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"go.yaml.in/yaml/v4"
)

// machineSecrets is a secrets bundle in the words of the provider. Certificates and keys are base64 of PEM.
type machineSecrets struct {
	Cluster struct {
		ID     string `json:"id"`
		Secret string `json:"secret"`
	} `json:"cluster"`
	Secrets struct {
		BootstrapToken            string `json:"bootstrapToken"`
		SecretboxEncryptionSecret string `json:"secretboxEncryptionSecret"`
		// Only bundles of Talos before 1.3 have it.
		AESCBCEncryptionSecret *string `json:"aescbcEncryptionSecret"`
	} `json:"secrets"`
	TrustdInfo struct {
		Token string `json:"token"`
	} `json:"trustdinfo"`
	Certs struct {
		Etcd              certAndKey `json:"etcd"`
		K8s               certAndKey `json:"k8s"`
		K8sAggregator     certAndKey `json:"k8sAggregator"`
		K8sServiceAccount struct {
			Key string `json:"key"`
		} `json:"k8sServiceaccount"`
		OS certAndKey `json:"os"`
	} `json:"certs"`
}

type certAndKey struct {
	Cert string `json:"cert"`
	Key  string `json:"key"`
}

type clientConfiguration struct {
	CACertificate     string `json:"caCertificate"`
	ClientCertificate string `json:"clientCertificate"`
	ClientKey         string `json:"clientKey"`
}

type secretsResult struct {
	MachineSecrets      machineSecrets      `json:"machineSecrets"`
	ClientConfiguration clientConfiguration `json:"clientConfiguration"`
	TalosVersion        string              `json:"talosVersion,omitempty"`
}

type secretsParams struct {
	TalosVersion string `json:"talosVersion"`
}

func newSecrets(params secretsParams) (*secretsResult, error) {
	contract, err := config.ParseContractFromVersion(params.TalosVersion)
	if err != nil {
		return nil, failed("failed to validate talos version", err)
	}

	bundle, err := secrets.NewBundle(secrets.NewFixedClock(time.Now()), contract)
	if err != nil {
		return nil, failed("failed to generate secrets bundle", err)
	}

	return fromBundle(bundle)
}

type importSecretsParams struct {
	Path string `json:"path"`
}

func importSecrets(params importSecretsParams) (*secretsResult, error) {
	if _, err := os.Stat(params.Path); err != nil {
		return nil, failed("failed to import state", err)
	}

	contents, err := os.ReadFile(params.Path)
	if err != nil {
		return nil, failed("failed to read machine secrets file", err)
	}

	var bundle *secrets.Bundle

	if err = yaml.Unmarshal(contents, &bundle); err != nil {
		return nil, failed("failed to unmarshal machine secrets", err)
	}

	result, err := fromBundle(bundle)
	if err != nil {
		return nil, err
	}

	result.TalosVersion = "v1.3"

	if bundle.Secrets.AESCBCEncryptionSecret != "" {
		result.TalosVersion = "v1.2"
	}

	return result, nil
}

type renewParams struct {
	MachineSecrets machineSecrets `json:"machineSecrets"`
}

func renewClientConfiguration(params renewParams) (*clientConfiguration, error) {
	bundle, err := toBundle(params.MachineSecrets)
	if err != nil {
		return nil, failed("failed to convert machine secrets to secrets bundle", err)
	}

	return newClientConfiguration(bundle)
}

func newClientConfiguration(bundle *secrets.Bundle) (*clientConfiguration, error) {
	if bundle.Clock == nil {
		bundle.Clock = secrets.NewFixedClock(time.Now())
	}

	client, err := bundle.GenerateTalosAPIClientCertificateWithTTL(
		role.MakeSet(role.Admin),
		constants.TalosAPIDefaultCertificateValidityDuration,
	)
	if err != nil {
		return nil, failed("failed to convert secrets bundle to machine secrets", err)
	}

	return &clientConfiguration{
		CACertificate:     encode(bundle.Certs.OS.Crt),
		ClientCertificate: encode(client.Crt),
		ClientKey:         encode(client.Key),
	}, nil
}

func fromBundle(bundle *secrets.Bundle) (*secretsResult, error) {
	client, err := newClientConfiguration(bundle)
	if err != nil {
		return nil, err
	}

	result := &secretsResult{ClientConfiguration: *client}
	model := &result.MachineSecrets
	model.Cluster.ID = bundle.Cluster.ID
	model.Cluster.Secret = bundle.Cluster.Secret
	model.Secrets.BootstrapToken = bundle.Secrets.BootstrapToken
	model.Secrets.SecretboxEncryptionSecret = bundle.Secrets.SecretboxEncryptionSecret

	if bundle.Secrets.AESCBCEncryptionSecret != "" {
		model.Secrets.AESCBCEncryptionSecret = &bundle.Secrets.AESCBCEncryptionSecret
	}

	model.TrustdInfo.Token = bundle.TrustdInfo.Token
	model.Certs.Etcd = fromPEM(bundle.Certs.Etcd)
	model.Certs.K8s = fromPEM(bundle.Certs.K8s)
	model.Certs.K8sAggregator = fromPEM(bundle.Certs.K8sAggregator)
	model.Certs.K8sServiceAccount.Key = encode(bundle.Certs.K8sServiceAccount.Key)
	model.Certs.OS = fromPEM(bundle.Certs.OS)

	return result, nil
}

func toBundle(model machineSecrets) (*secrets.Bundle, error) {
	bundle := &secrets.Bundle{
		Clock:   secrets.NewFixedClock(time.Now()),
		Cluster: &secrets.Cluster{ID: model.Cluster.ID, Secret: model.Cluster.Secret},
		Secrets: &secrets.Secrets{
			BootstrapToken:            model.Secrets.BootstrapToken,
			SecretboxEncryptionSecret: model.Secrets.SecretboxEncryptionSecret,
		},
		TrustdInfo: &secrets.TrustdInfo{Token: model.TrustdInfo.Token},
		Certs:      &secrets.Certs{},
	}

	if model.Secrets.AESCBCEncryptionSecret != nil {
		bundle.Secrets.AESCBCEncryptionSecret = *model.Secrets.AESCBCEncryptionSecret
	}

	var err error

	// The provider decodes in this order and stops at the first that is not base64.
	for _, pair := range []struct {
		from certAndKey
		to   **x509.PEMEncodedCertificateAndKey
	}{
		{model.Certs.Etcd, &bundle.Certs.Etcd},
		{model.Certs.K8s, &bundle.Certs.K8s},
		{model.Certs.K8sAggregator, &bundle.Certs.K8sAggregator},
		{model.Certs.OS, &bundle.Certs.OS},
	} {
		if *pair.to, err = toPEM(pair.from); err != nil {
			return nil, err
		}
	}

	key, err := decode(model.Certs.K8sServiceAccount.Key)
	if err != nil {
		return nil, err
	}

	bundle.Certs.K8sServiceAccount = &x509.PEMEncodedKey{Key: key}

	return bundle, nil
}

func fromPEM(pair *x509.PEMEncodedCertificateAndKey) certAndKey {
	return certAndKey{Cert: encode(pair.Crt), Key: encode(pair.Key)}
}

func toPEM(pair certAndKey) (*x509.PEMEncodedCertificateAndKey, error) {
	crt, err := decode(pair.Cert)
	if err != nil {
		return nil, err
	}

	key, err := decode(pair.Key)
	if err != nil {
		return nil, err
	}

	return &x509.PEMEncodedCertificateAndKey{Crt: crt, Key: key}, nil
}

func encode(pem []byte) string { return base64.StdEncoding.EncodeToString(pem) }

func decode(text string) ([]byte, error) { return base64.StdEncoding.DecodeString(text) }
