/** Releases of Gateway API whose CRDs fit a minor of Cilium, pinned: what else comes is refused. */
export interface GatewayAPIRelease {
  /** Commit of the tag. */
  readonly commit: string;
  /** SHA-256 of the CRDs of the standard channel, by the plural of their kind. */
  readonly files: Readonly<Record<string, string>>;
}

/** @see https://github.com/kubernetes-sigs/gateway-api/releases */
export const gatewayAPIReleases: Readonly<Record<string, GatewayAPIRelease>> = {
  "v1.2.0": {
    commit: "f73504594cf85d36681e064d2932d66608d135e2",
    files: {
      gatewayclasses: "f42f1bb69d832c4dbb5d7bff3c7913d909c1e4cfad3e91dc32f738fae760c86d",
      gateways: "8a8f1c3f0e54c667ad68982ad1d98ff3397fc4ce19917efc19ae2c76bda61cb7",
      grpcroutes: "37095315a65bdc4ddddda67e29e7a05189f244227cea06a32b4c03d978db1ca6",
      httproutes: "f8aff76af966cadfbf505776a5fb9f54f9ea3dccf3783c51468318e30d779416",
      referencegrants: "4da6d3f75dccd0849b866cd6b724dba48825ea46984935a2cdee2b86e1063829",
    },
  },
  "v1.3.0": {
    commit: "40be951cebe5cb3f0365fe6951403de4ff8b9f33",
    files: {
      gatewayclasses: "7c8ee2c1878d9dcc6ba106181e3d14d7eaa520ec070233d62f3aa0d674d19450",
      gateways: "c949e7c3951227b92a582817a7a660558ce0fb94c081da264b4e2bbe4a1e5387",
      grpcroutes: "5867279c3cfd77377fe7e9255b22751f17592242b9b5e7485c74b13b268d13c5",
      httproutes: "a4ecf600c7e0bfd3cdb24e6411938d9b330117a26675f303cc6d9a407cb257d1",
      referencegrants: "7587b2e7e5b1b9a26717b3ef8142f64e6600637eadf481a6bd0031740644b495",
    },
  },
  "v1.4.1": {
    commit: "477d172e6ac5eccb82b65781ddb8f924afec4170",
    files: {
      backendtlspolicies: "f94f34b0c19cab6c25b53a6e672d9a684116a4e52193531fe2abcea20b51574f",
      gatewayclasses: "7d958ad3965ea4a4996616846d9ecaf1fededbf9351b9752b8b85973936ae8c8",
      gateways: "a02ea425fc901f197b668c9ddd56375e1f6896994914c6e6b9b4fdb85cf3ba6e",
      grpcroutes: "b72068b42cb32051ca609e5a8dfefb16904d164abe2e71d9f3c776fae41c4dab",
      httproutes: "98c6777c22309d319292e9c288ee632006c9ffdd4272383d6f9dffa3fbccaf14",
      referencegrants: "d74fc2f8e90094f4c4d6dc13a2d720011a40e30e5640b3e2a2051fac820f6584",
    },
  },
  "v1.6.1": {
    commit: "8bb74df00e56ec8f944d48c25e6c1c9c2f6848e3",
    files: {
      backendtlspolicies: "0d48c9e4b53dd9510cf615b9b1192d9d7afb07a1cc0498c9515627cb1c075419",
      gatewayclasses: "53710048ba26f8620eed59d5e51b157ecf040daf5c6eef31a4b991e0808c4be5",
      gateways: "25b885f5870b8fff1ae82efa2628b2761cef3745900c2aecf8fb76629a01255a",
      grpcroutes: "53a8d029da8f07e55d3fa58a5cf6de5950dab19fbb8d6a8082fb5e51ca5ef6fc",
      httproutes: "a424a0d6c953b162e71d1d97bb7e75012d8f1ac264e7274f2763d1b96ab39852",
      listenersets: "bf4d4b02564999b2558b96e31465129895db9b3a8adfb90adb9c80eac52a3a70",
      referencegrants: "8c645e9333cfa67790cc2a53e0c00076f88b2bd4230d2b49688c78bc34f9b2c3",
      tcproutes: "d5104d0cf30e924f5e3c9e2e76abd46876401c34ca33b9e79321523eee78c7f6",
      tlsroutes: "bb8b67926e5d9652cbfd2e19063b7c1d9e78806c9dd671608f57baef2f2e3bbb",
      udproutes: "4b80684c2bf8ef4b0a2a3ab45164ac9f96258fc69912645ff50ced595b0aa6de",
    },
  },
};
