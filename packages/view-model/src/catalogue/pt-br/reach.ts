import type { reach as english } from "../en/reach.ts";

export const reach: typeof english = {
  paths: { direct: "direto", punched: "direto através dos roteadores", relayed: "por relay" },
  linked: {
    direct: "conexão direta, criptografada",
    punched: "conexão direta (aberta através dos roteadores), criptografada",
    relayed: "conexão por um relay, criptografada",
  },
  connectedPunched: (name) => `[CONEXÃO P2P] ${name} se conectou (através dos roteadores).`,
  connectedRelayed: (name) => `[CONEXÃO P2P] ${name} se conectou (por relay).`,
  nowDirect: (name) => `A conexão com ${name} agora é direta; o relay não é mais necessário.`,

  milliseconds: (count) => `${count} ms`,
  seconds: (count) => `${count} s`,
  minutes: (count) => `${count} min`,
  hours: (count) => `${count} h`,
  days: (count) => (count === 1 ? `${count} dia` : `${count} dias`),

  triedTitle: "O que foi tentado, o mais novo por último:",
  tried: ({ ago, way, times, answer, took }) =>
    `  há ${ago}: ${way}${times > 1 ? ` (${times} vezes)` : ""}: ${answer}, depois de ${took}`,
  trying: ({ ago, way, times }) => `  há ${ago}: ${way}${times > 1 ? ` (${times} vezes)` : ""}: ainda sem resposta`,
  moreTried: (count) => `  (e mais ${count})`,
  ways: {
    direct: (where) => `direto em ${where}`,
    lan: (where) => `nesta rede, em ${where}`,
    call: () => "chamada pelo tracker",
    punch: () => "os dois lados ao mesmo tempo, através dos roteadores",
    relay: () => "pelo relay",
  },
  somewhere: "um endereço",

  answers: {
    linked: "conectou",
    introduced: "os dois lados foram apresentados",
    silent: "sem resposta",
    refused: "recusado, nada escuta ali",
    noRoute: "não há caminho daqui até lá",
    notReached: "não deu para chegar lá",
    someoneElse: "quem respondeu foi outro aparelho",
    otherProgram: "quem respondeu foi outro programa",
    notNeeded: "não foi mais preciso",
    notTaken: "o programa de lá não aceitou",
    offline: "essa pessoa não está online",
    noTracker: "o tracker não está no ar",
    tooMuch: "pedidos demais de uma vez, vai tentar de novo",
    notThrough: "os roteadores não deixaram passar",
    noRelay: "não há relay que se possa usar",
    full: "o relay está lotado",
    otherMissing: "o outro lado não apareceu",
    brokeOff: "a conexão caiu",
  },

  causes: {
    trackerGone:
      "O tracker está fora do ar: até ele voltar, só dá para falar com quem tem endereço conhecido. O Papo continua tentando.",
    hiddenHere:
      "Você esconde seu endereço (--hide-address), então tudo passa por um relay. É tão privado quanto; só é mais lento.",
    noAddress:
      "O programa dessa pessoa não informa um endereço (ela pode esconder o dela, ou vocês ainda não têm sala em comum), por isso passa por um relay.",
    relayWorks:
      "Funciona, por um relay que só vê bytes criptografados. Para ser direta, um dos dois precisa de um roteador que abra portas sozinho (UPnP ou NAT-PMP), de uma porta redirecionada ou de IPv6; redes de celular muitas vezes não têm nada disso.",
    relayOff:
      "Nenhum relay pôde ser usado: o tracker não oferece, ou o outro lado não quer. Quem cuida do tracker pode ligá-lo.",
    relayFull: "O relay está no limite. O Papo tenta de novo sozinho; uma conexão direta não precisaria dele.",
    relayLost: "Não deu para usar o relay: um firewall, aqui ou lá, pode estar no caminho dele.",
    blocked:
      "Nada respondeu no endereço dessa pessoa: há um firewall ou roteador no caminho, do lado dela ou do seu. Uma porta redirecionada em um dos lados resolve.",
    refused:
      "O computador dessa pessoa está lá, mas nenhum Papo escuta nesse endereço: ela pode ter fechado o Papo, ou mudado de endereço, e o novo chega pelo tracker.",
    noRoute:
      "Este computador não tem caminho para esse tipo de endereço (IPv6, ou outra rede). Não há nada de errado do lado de lá.",
    someoneElse: "Outro aparelho está agora no endereço antigo. Nada foi dito a ele; o Papo procura o endereço certo.",
    notTaken:
      "O programa dessa pessoa não respondeu à chamada: talvez esteja entrando em suspensão ou ficando sem rede.",
    doctor: "papo doctor, em outra janela, examina o lado deste computador.",
  },
};
