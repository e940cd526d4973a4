/** Domains where anybody may have an address: they say nothing of a company. */
const FREE = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it live.com live.co.uk msn.com
  yahoo.com yahoo.co.uk yahoo.co.in yahoo.co.jp yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca ymail.com rocketmail.com
  icloud.com me.com mac.com aol.com aim.com proton.me protonmail.com pm.me fastmail.com fastmail.fm hey.com zoho.com
  gmx.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de arcor.de mail.de posteo.de mailbox.org
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr libero.it virgilio.it tiscali.it alice.it tin.it
  mail.ru inbox.ru list.ru bk.ru yandex.ru yandex.com rambler.ru ukr.net qq.com 163.com 126.com sina.com sohu.com foxmail.com yeah.net
  naver.com daum.net hanmail.net rediffmail.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net
  earthlink.net juno.com btinternet.com ntlworld.com virginmedia.com sky.com talktalk.net bigpond.com optusnet.com.au
  shaw.ca rogers.com sympatico.ca telus.net xs4all.nl ziggo.nl kpnmail.nl telenet.be skynet.be bluewin.ch
  wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz uol.com.br bol.com.br terra.com.br ig.com.br
  mail.com email.com usa.net tutanota.com tuta.com duck.com privaterelay.appleid.com`.split(/\s+/),
)

export const isFreeMail = (domain: string): boolean => FREE.has(domain)

/** `a@mail.nimbus.example` -> `mail.nimbus.example, nimbus.example`: the domains a company may be known by, longest first. None for free mail. */
export const companyDomains = (address: string): readonly string[] => {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  if (isFreeMail(domain)) return []
  const labels = domain.split('.')
  return labels.slice(0, -1).map((_label, at) => labels.slice(at).join('.'))
}
