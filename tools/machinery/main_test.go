package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// ask sends requests as lines and gives the responses by id.
func ask(t *testing.T, requests ...string) map[string]response {
	t.Helper()

	var out bytes.Buffer

	if err := serve(strings.NewReader(strings.Join(requests, "\n")), &out); err != nil {
		t.Fatal(err)
	}

	responses := map[string]response{}
	decoder := json.NewDecoder(&out)

	for decoder.More() {
		var resp response

		if err := decoder.Decode(&resp); err != nil {
			t.Fatal(err)
		}

		responses[string(resp.ID)] = resp
	}

	return responses
}

const minimal = `version: v1alpha1\nmachine:\n    type: worker\ncluster: {}\n`

func TestAnswersEveryRequestByItsID(t *testing.T) {
	responses := ask(t,
		`{"id":1,"method":"checkInputs","params":{"talosVersion":"v1.13"}}`,
		`{"id":2,"method":"nope","params":{}}`,
		`{"id":3,"method":"patch","params":{"machineConfiguration":"`+minimal+`","configPatches":["machine: {time: {disabled: true}}"]}}`,
	)

	if len(responses) != 3 || responses["1"].Error != nil || responses["3"].Error != nil {
		t.Fatalf("got %+v", responses)
	}

	if failure := responses["2"].Error; failure == nil || failure.Summary != "unknown method" {
		t.Fatalf("got %+v", failure)
	}
}

func TestAPanicOfTheLibraryIsAnAnswer(t *testing.T) {
	patch := `apiVersion: v1alpha1\nkind: UserVolumeConfig\nname: x\n$patch: delete\n`
	responses := ask(t,
		`{"id":1,"method":"patch","params":{"machineConfiguration":"`+minimal+`","configPatches":["`+patch+`"]}}`,
		`{"id":2,"method":"checkInputs","params":{}}`,
	)

	if failure := responses["1"].Error; failure == nil || failure.Panic == "" || failure.Stack == "" {
		t.Fatalf("got %+v", failure)
	}

	if responses["2"].Error != nil {
		t.Fatalf("the next request met %+v", responses["2"].Error)
	}
}

func TestSecretsComeBackAsTheyWere(t *testing.T) {
	made, err := newSecrets(secretsParams{TalosVersion: "v1.13"})
	if err != nil {
		t.Fatal(err)
	}

	bundle, err := toBundle(made.MachineSecrets)
	if err != nil {
		t.Fatal(err)
	}

	again, err := fromBundle(bundle)
	if err != nil {
		t.Fatal(err)
	}

	if again.MachineSecrets != made.MachineSecrets {
		t.Fatal("a bundle changes on its way through the provider's form")
	}

	if again.ClientConfiguration.ClientCertificate == made.ClientConfiguration.ClientCertificate {
		t.Fatal("credentials are not made anew")
	}
}

func TestEndpoints(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://10.5.0.2:6443": "",
		"https://10.5.0.2":      "",
		"10.5.0.2:6443":         "no scheme specified",
		"foo":                   "no scheme and port specified",
		"http://10.5.0.2:6443":  "should have scheme https",
	} {
		err := checkClusterEndpoint(endpoint)
		if (err == nil) != (want == "") || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", endpoint, err, want)
		}
	}
}
