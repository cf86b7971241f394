// Command talosKeys prints which keys Talos' machine configuration has, of which types, as JSON.
//
// It is run by scripts/writeTalosKeys.ts from the folder of tools/machinery, whose go.mod pins the
// version of Talos.
package main

import (
	"encoding"
	"encoding/json"
	"os"
	"reflect"
	"sort"
	"strings"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config/config"
	"github.com/siderolabs/talos/pkg/machinery/config/types/block"
	"github.com/siderolabs/talos/pkg/machinery/config/types/cri"
	"github.com/siderolabs/talos/pkg/machinery/config/types/hardware"
	"github.com/siderolabs/talos/pkg/machinery/config/types/network"
	"github.com/siderolabs/talos/pkg/machinery/config/types/runtime"
	"github.com/siderolabs/talos/pkg/machinery/config/types/runtime/extensions"
	"github.com/siderolabs/talos/pkg/machinery/config/types/security"
	"github.com/siderolabs/talos/pkg/machinery/config/types/siderolink"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
	"github.com/siderolabs/talos/pkg/machinery/gendata"
	"github.com/siderolabs/talos/pkg/machinery/nethelpers"
	block_ "github.com/siderolabs/talos/pkg/machinery/resources/block"
)

// The registry of documents is internal, so they are listed. A new release may add some.
var documents = []config.Document{
	block.NewExistingVolumeConfigV1Alpha1(),
	block.NewExternalVolumeConfigV1Alpha1(),
	block.NewRawVolumeConfigV1Alpha1(),
	block.NewSwapVolumeConfigV1Alpha1(),
	block.NewUserVolumeConfigV1Alpha1(),
	block.NewVolumeConfigV1Alpha1(),
	block.NewZswapConfigV1Alpha1(),
	cri.NewRegistryAuthConfigV1Alpha1(""),
	cri.NewRegistryMirrorConfigV1Alpha1(""),
	cri.NewRegistryTLSConfigV1Alpha1(""),
	extensions.NewServicesConfigV1Alpha1(),
	hardware.NewPCIDriverRebindConfigV1Alpha1(),
	network.NewBlackholeRouteConfigV1Alpha1(""),
	network.NewBondConfigV1Alpha1(""),
	network.NewBridgeConfigV1Alpha1(""),
	network.NewDHCPv4ConfigV1Alpha1(""),
	network.NewDHCPv6ConfigV1Alpha1(""),
	network.NewDefaultActionConfigV1Alpha1(),
	network.NewDummyLinkConfigV1Alpha1(""),
	network.NewEthernetConfigV1Alpha1(""),
	network.NewHCloudVIPConfigV1Alpha1(""),
	network.NewHostnameConfigV1Alpha1(),
	network.NewKubeSpanV1Alpha1(),
	network.NewKubespanEndpointsV1Alpha1(),
	network.NewLayer2VIPConfigV1Alpha1(""),
	network.NewLinkAliasConfigV1Alpha1(""),
	network.NewLinkConfigV1Alpha1(""),
	network.NewResolverConfigV1Alpha1(),
	network.NewRoutingRuleConfigV1Alpha1(0),
	network.NewRuleConfigV1Alpha1(),
	network.NewStaticHostConfigV1Alpha1(""),
	network.NewTCPProbeConfigV1Alpha1(""),
	network.NewTimeSyncConfigV1Alpha1(),
	network.NewVLANConfigV1Alpha1(""),
	network.NewVRFConfigV1Alpha1(""),
	network.NewWireguardConfigV1Alpha1(""),
	runtime.NewEnvironmentV1Alpha1(),
	runtime.NewEventSinkV1Alpha1(),
	runtime.NewKmsgLogV1Alpha1(),
	runtime.NewOOMV1Alpha1(),
	runtime.NewWatchdogTimerV1Alpha1(),
	security.NewImageVerificationConfigV1Alpha1(),
	security.NewTrustedRootsConfigV1Alpha1(),
	siderolink.NewConfigV1Alpha1(),
}

// Words that a type takes, by the name of the type.
var words = map[string][]string{
	"block.EncryptionProviderType":  block_.EncryptionProviderTypeStrings(),
	"block.FilesystemType":          block_.FilesystemTypeStrings(),
	"block.VolumeType":              block_.VolumeTypeStrings(),
	"nethelpers.ADLACPActive":       nethelpers.ADLACPActiveStrings(),
	"nethelpers.ADSelect":           nethelpers.ADSelectStrings(),
	"nethelpers.ARPAllTargets":      nethelpers.ARPAllTargetsStrings(),
	"nethelpers.ARPValidate":        nethelpers.ARPValidateStrings(),
	"nethelpers.AutoHostnameKind":   nethelpers.AutoHostnameKindStrings(),
	"nethelpers.BondMode":           nethelpers.BondModeStrings(),
	"nethelpers.BondXmitHashPolicy": nethelpers.BondXmitHashPolicyStrings(),
	"nethelpers.ClientIdentifier":   nethelpers.ClientIdentifierStrings(),
	"nethelpers.DefaultAction":      nethelpers.DefaultActionStrings(),
	"nethelpers.FailOverMAC":        nethelpers.FailOverMACStrings(),
	"nethelpers.LACPRate":           nethelpers.LACPRateStrings(),
	"nethelpers.PrimaryReselect":    nethelpers.PrimaryReselectStrings(),
	"nethelpers.Protocol":           nethelpers.ProtocolStrings(),
	"nethelpers.RoutingRuleAction":  nethelpers.RoutingRuleActionStrings(),
	"nethelpers.VLANProtocol":       nethelpers.VLANProtocolStrings(),
	"nethelpers.WOLMode":            nethelpers.WOLModeStrings(),
}

type document struct {
	Type  string `json:"type"`
	Named bool   `json:"named,omitempty"`
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
	mergerType   = reflect.TypeFor[interface{ Merge(any) error }]()
	types        = map[string]map[string]string{}
)

type yamlUnmarshaler interface{ UnmarshalYAML(func(any) error) error }

func name(t reflect.Type) string {
	pkg := t.PkgPath()

	return pkg[strings.LastIndex(pkg, "/")+1:] + "." + t.Name()
}

// The form of a field: what its YAML must be, and how a patch merges.
func form(t reflect.Type, replace bool) string {
	suffix := ""
	if replace {
		suffix = "!"
	}

	if t == durationType {
		return "duration"
	}

	if t.Kind() == reflect.Pointer {
		return "*" + form(t.Elem(), replace)
	}

	p := reflect.PointerTo(t)
	_, unmarshals := p.MethodByName("UnmarshalYAML")
	switch {
	case t.Kind() == reflect.Slice && p.Implements(mergerType):
		return "[" + name(t) + "]" + form(t.Elem(), false)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && unmarshals:
		return "[]" + form(t.Elem(), false) + suffix
	case p.Implements(textType), unmarshals:
		return "(" + name(t) + ")" + suffix
	}

	switch t.Kind() {
	case reflect.Struct:
		walk(t)

		return "@" + name(t) + suffix
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "string"
		}

		return "[]" + form(t.Elem(), false) + suffix
	case reflect.Map:
		return "{}" + form(t.Elem(), false) + suffix
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Interface:
		return "any"
	default:
		// Of numbers the width too: int, uint8, uint32.
		return t.Kind().String()
	}
}

func walk(t reflect.Type) {
	if _, ok := types[name(t)]; ok {
		return
	}

	keys := map[string]string{}
	types[name(t)] = keys
	collect(t, keys)
}

func collect(t reflect.Type, keys map[string]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag := strings.Split(field.Tag.Get("yaml"), ",")

		if len(tag) > 1 && tag[1] == "inline" {
			inner := field.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}

			if inner.Kind() == reflect.Map {
				keys["*"] = "any"
			} else {
				collect(inner, keys)
			}

			continue
		}

		if tag[0] == "" || tag[0] == "-" {
			continue
		}

		keys[tag[0]] = form(field.Type, strings.Contains(field.Tag.Get("merge"), "replace"))
	}
}

func main() {
	kinds := map[string]document{}

	walk(reflect.TypeFor[v1alpha1.Config]())

	for _, doc := range documents {
		t := reflect.TypeOf(doc).Elem()
		_, named := doc.(config.NamedDocument)
		kinds[doc.Kind()] = document{Type: name(t), Named: named}

		walk(t)
	}

	names := make([]string, 0, len(kinds))
	for kind := range kinds {
		names = append(names, kind)
	}

	sort.Strings(names)

	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)

	if err := encoder.Encode(map[string]any{
		"talosVersion": gendata.VersionTag,
		"documents":    kinds,
		"types":        types,
		"words":        words,
	}); err != nil {
		panic(err)
	}
}
