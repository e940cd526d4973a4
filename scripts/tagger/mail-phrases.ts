/**
 * Phrases of made-up business mail, ours. {P} full name, {F} given name, {L} family name, {I} given name with initial and
 * family name, {R} family name first, {J} initial and family name in one word, {C} company, {G} place, {W} capitalised words that are no
 * name, {X} letters that are no name, {D} date, {N} number, {T} time.
 */
export const SENTENCES: readonly string[] = `
I spoke with {P} about the {W} this morning.
I spoke with {F} about the {W}.
{F} and {F} are meeting with {C} in {G} on {D}.
Please call {P} at {N} if you have any questions.
Please give {F} or {F} a call.
If you have questions, contact {P} (ext. {N}) or {P} at {N}.
{P} has asked that we review the {W} before {D}.
{P}, who runs the {W} team, will join us at {T}.
Can you send {F} the numbers for {G}?
{L} said the deal with {C} would close by {D}.
Mr. {L} and Ms. {L} will attend on behalf of {C}.
Dr. {P} of {C} will present the {W}.
According to {P}, a spokesman for {C}, prices in {G} rose again.
The {C} contract expires on {D}.
{C} and {C} announced a merger in {G} today.
We will meet in the {W} room, {X} {N}, at {T}.
Attached is the {W} for {C}.
The {W} Committee approved the {X} proposal.
Per {F}'s request, I am sending you the {W}.
Per {P}, please move the meeting to {T}.
{F}'s comments are in the attached file.
I will forward this to {F}, {F} and {F}.
cc: {P}, {P}
Thanks to {F} {L} and everyone in {G} for their help.
Have you talked to {F} yet?
I think {F} knows more about it than I do.
Let {F} know if you can make it.
Tell {F} I said hello.
My name is {P} and I work for {C}.
This is {F} from {C}.
{F}, can you look at the {X} report?
{F} - please see below.
{F}: see the note from {L}.
The team: {P}, {P}, {P} and {P}.
Attendees: {P} ({C}), {P} ({C}), {P}
{P} & {P} to discuss {W}
Meeting w/ {F} {L} re: {W}
w/{L} re: {W}
Lunch w/{F} & {F}
Interview with {P} - {T}
Call {F}
Call with {F} {L} re {C}
{J}, {J}, {J}, {J} - {W} mtg.
{W} Mtg. - {J}, {J}, {P}
Set by {P} per {J} {D}.
The {L} family has owned {C} since the war.
The {L} deal is done.
We hired {P} from {C}; {F} starts on {D}.
{P} {N}, knows {G}
{P} {N} currently with {C}
({P} {N})
{P} & {P}
I met {P} and {P} in the morning.
It surprised even {F} and others.
{L}'s {W}
{F} & {F}
{F} or {F}
{L} & {F}
Pictures of {F}, {F} and {F}:
{P} - {C}
{P} ({G})
Resume of {P}
Happy Birthday, {F}!
Congratulations {F}!!
Give {F} my love.
Love, {F}
Is {L} coming to the game?
{L} threw for two touchdowns against {G}.
I saw {P} on the {W} last night.
The {X} and {X} prices are in the {W}.
Our {G} and {G} offices are closed on Monday and Tuesday.
New York, {G} and London will dial in.
We are going to {G} for Christmas.
The University of {G} and {C} signed the agreement.
The Department of Energy, the Federal Reserve and the State of {G} filed comments.
The Senate and the Supreme Court will decide in June.
Microsoft Outlook and Windows users should call the Help Desk.
Please see the {W} section of the {W} Agreement.
The {W} Group, {W} Services and {W} Department report to me.
Section {N} of the Master Agreement
All {X} employees must complete the {W} by Friday.
PLEASE READ: THE {X} SYSTEM WILL BE DOWN ON SUNDAY.
FYI - the {W} is OK. I'll call on Monday.
I'm at home. I've read it, and I'd say it's fine. Don't worry.
What do you think? When can we talk? How about Thursday at {T}?
Here is the latest. It looks good. They want more. We should wait.
This is the {W} we discussed. Please review.
Also, are you free? Yes. No. Maybe. Sure. Great!
Questions? Comments? Let me know.
To unsubscribe, visit the Web site of {C}.
Net Income Per Share Diluted, Total Revenues and Operating Expenses
Sales, Marketing, Legal, Tax, Credit, Risk, Accounting and Human Resources
Buy the {W} for {N} at {C}!
The {C} {W} is available in Red, Blue and Green.
In {G}, the {W} River flooded Main Street.
The U.S. government and the U.K. are in talks. The U.S. economy grew.
See Exhibit {x}, Schedule {x}-1 and Appendix {x}.
{x}. {W}
{x}. Introduction
{x}) {W}
Class {x} shares of {C}, P.O. Box {N}, {G}, D.C. {N}
Texas A&M played {G} on Saturday. Q&A at {T}.
{C}, L.L.C. and {C}, L.P. v. {C}, S.A.
The {X}'s broker said they will settle.
{X} has made some changes to the {X} template.
{W}: {X}
{X} {X} {N}
{V} parent company {C} is in {G}.
{V} announced the {V} {W}.
The {V} system and {V} Online are down. Log in to {V} with your {V} ID.
Click Here to visit {V}. Click on the {V} button.
From {G} to {G}: Fares from {N}. Fares are valid Tuesday.
{G}, TX
{G}, {G} and {G}
our {G} office
flights to {G} from {G}
He lives in {G}, {G}.
Hotel: The {V} Hotel, {N} {V} Street, {G}
{V} School of Business
{V} & {V} LLP
Morgan Stanley, Goldman Sachs, Merrill Lynch, Dow Jones, Lehman Brothers, Arthur Andersen and Wells Fargo
Ask {F} about {V}, please.
{P} of {V} & {V} is coming over at {T}.
Merry Christmas and Happy New Year!
Martin Luther King Day and Labor Day are holidays.
God bless. Oh my God. Jesus!
University of St. Thomas, Mt. {V}, Port {V}, Lake {V}, Fort {V}
Word of the Day
The {V} Act and the {V} Report
PS: {F} says hi.
PS I'll be late.
Mr. {L}, as well as {P}'s team, {X} and {C}.
{C}'s {P} said so.
{P}, {X}
{P} ({X})
{F}, {F} & I will go.
{F} & {F} {L}
{F} + {F}
{F}/{F}
{F} is out. {F} will cover.
The Dow, the Nasdaq and the S&P fell.
Game at {T}: Texas vs. {G}
Go {G}!
`
  .trim()
  .split('\n')

export const SUBJECTS: readonly string[] = `
{W}
Re: {W}
RE: {W} Meeting
FW: {W} for {C}
Meeting with {P}
{P}
Re: {F}
{F} {L} - {W}
Lunch with {F}
{J}, {J} - {W}
{C} {W} Update
Call from {P}
{X} {W} Status Report
Resume - {P}
Interview: {P}
{L} Contract
Re: {C} v. {C}
Updated: {W} w/ {P}
Staff Meeting
Conference Call
Out of Office: {W}
Birthday for {F}
Vacation - {F}
dinner with {f}
{f} out
Call {F}
{X} {V} Update
{V} Invoice
Mtg w/ {F} & {L}
{V} & {V} agreement
Mike and {F}'s wedding
Your Invoice from {C}
`
  .trim()
  .split('\n')

export const CLOSINGS =
  'Thanks,|Thank you,|Regards,|Best regards,|Sincerely,|Thanks|Best,|Cheers,|Thanks!|Talk to you later,|Kind regards,|Love,||See you,|Later,'.split(
    '|',
  )

export const TITLES =
  'Vice President|Director|Managing Director|Senior Counsel|Analyst|Associate|Manager, Trading|Sales Manager|Administrative Assistant|Executive Assistant to the President|Senior Specialist|Partner|Marketing|General Counsel|Account Executive|Professor of Finance'.split(
    '|',
  )

export const GERMAN: readonly string[] = `
Ich habe gestern mit {P} über den Vertrag gesprochen.
Bitte rufen Sie Herrn {L} unter {N} an.
Frau {L} ist am Montag nicht im Büro.
Sehr geehrter Herr {L},
Sehr geehrte Frau Dr. {L},
Liebe {F},
Lieber {F},
Viele Grüße {F}
Mit freundlichen Grüßen
Die Besprechung in {G} beginnt um {T} Uhr im großen Saal.
Der Geschäftsführer der {C} GmbH, {P}, hat das Angebot angenommen.
Anbei finden Sie die Rechnung und die Unterlagen für das Projekt.
Können Sie mir bis Freitag die Zahlen für das dritte Quartal schicken?
Unser Kunde aus {G} wartet auf eine Antwort der Abteilung.
{P} und {P} nehmen an der Sitzung teil.
Das Gespräch mit der Bank war ein Erfolg, sagte {L}.
Die Kosten der Maschine und der Preis für den Transport sind gestiegen.
`
  .trim()
  .split('\n')

export const PORTUGUESE: readonly string[] = `
Falei ontem com {P} sobre o contrato.
O senhor {L} não está no escritório na segunda-feira.
Prezado {F},
Caro {F},
Obrigado, {F}
Abraços, {F}
A reunião em {G} começa às {T} na sala grande.
O diretor da {C}, {P}, aceitou a proposta.
Segue em anexo a fatura do projeto.
Você pode me enviar os números do Ministério até sexta?
{P} e {P} participam da reunião com o Banco Central.
O presidente {P} disse que a empresa vai crescer.
A Câmara dos Deputados aprovou a lei em {G}.
`
  .trim()
  .split('\n')
