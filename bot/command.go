package bot

import (
	"slices"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
)

// Commands are those that networks list, in order.
var Commands = []string{"start", "ask", "human", "language", "privacy", "forget", "help"}

// Commands describes those that networks list, customers' first, then the team's own.
func (t *Texts) Commands() []channel.CommandText {
	var out []channel.CommandText
	for _, name := range Commands {
		c := channel.CommandText{Name: name, Descriptions: t.described("command_" + name)}
		if name == "ask" {
			c.Takes = &channel.Argument{Name: "question", Required: true, Completed: true}
		}
		out = append(out, c)
	}
	team := append(handoff.Commands(), channel.CommandText{Name: gapsCommand, Staff: true},
		channel.CommandText{Name: gapCommand, Staff: true, Takes: &channel.Argument{Name: "number", Required: true}},
		channel.CommandText{Name: staffCommand, Staff: true, Takes: &channel.Argument{Name: "code", Required: true}})
	for _, c := range team {
		c.Descriptions = t.described("desk_command_" + c.Name)
		out = append(out, c)
	}
	return out
}

// described is a text in every language; "" is the default.
func (t *Texts) described(key string) map[string]string {
	out := map[string]string{"": t.In("en").Say(key)}
	for _, l := range t.languages {
		out[string(l)] = t.In(l).Say(key)
	}
	return out
}

// forTeam says whether a command is one that only staff have a use for.
func forTeam(name string) bool { return IsDeskCommand(name) && !known(name) }

// helpWords ask for help without a slash.
var helpWords = map[string]bool{
	"help": true, "help me": true, "menu": true, "ayuda": true, "hilfe": true, "aide": true, "ajuda": true,
	faq.Fold("помощь"): true, faq.Fold("مساعدة"): true, faq.Fold("मदद"): true,
}

func known(command string) bool {
	return slices.Contains(Commands, command) || command == "person" || command == staffCommand
}

// command acts on "/name"; one that is not ours is read as text where somebody talks to the bot.
func (p *planner) command() {
	e := p.s.Event
	switch e.Command {
	case "start":
		// A link that joins a question from a group to this private chat. Anyone in the group can follow it: it brings a question, and never
		// acts on what is stored.
		if p.s.Action != nil && p.s.Action.Kind == ActPerson {
			p.turn.Conversation.Profile.Greeted = true
			p.press(p.s.Action)
			return
		}
		p.turn.Conversation.Profile.Greeted = false
		p.greet()
	case "help":
		p.say(p.voice.Say("help"), p.personButton(p.turn.Conversation.State.Asked))
	case "human", "person":
		p.heard("/" + e.Command)
		p.wantPerson(p.turn.Conversation.State.Asked)
	case "language":
		p.chooseLanguage(e.Body)
	case staffCommand:
		p.bind(e.Body)
	case "privacy":
		p.say(p.voice.Count("privacy", p.policy.KeptDays))
	case "forget":
		p.say(p.voice.Say("forget_ask"),
			p.button(p.voice.Say("button_forget"), Action{Kind: ActForget}),
			p.button(p.voice.Say("button_cancel"), Action{Kind: ActCancel}))
		p.turn.Conversation.State.Pending = WhetherForget
	default:
		if forTeam(e.Command) {
			p.say(p.voice.Say("for_team"), p.personButton(p.turn.Conversation.State.Asked))
			return
		}
		p.ask()
	}
}

func (p *planner) ask() {
	if p.r.Text == "" {
		p.say(p.voice.Say("help"), p.personButton(Asked{}))
		return
	}
	p.heard(p.r.Text)
	p.stopCollecting()
	if p.relay(p.r.Text) {
		return // who has a person asks them
	}
	p.respond()
}

// chooseLanguage takes "/language de", or offers all.
func (p *planner) chooseLanguage(wish string) {
	if wish != "" && p.namedLanguage(wish) {
		return
	}
	var buttons []channel.Button
	for _, l := range p.texts.Languages() {
		buttons = append(buttons, p.button(p.texts.In(l).Say("language_name"), Action{Kind: ActLanguage, Value: string(l)}))
	}
	p.say(p.voice.Say("language_choose"), buttons...)
	p.turn.Conversation.State.Pending = WhichLanguage
}

func (p *planner) setLanguage(l faq.Language) {
	p.turn.Conversation.Profile.Language = l
	p.turn.Conversation.State.Language = l
	p.voice = p.texts.In(l)
	p.say(p.voice.Say("language_set"))
}

// forget deletes everything; what remains is a conversation that knows nothing but how to say so.
func (p *planner) forget() {
	c := p.turn.Conversation
	l := p.language()
	p.turn = Turn{Erase: true, Conversation: Conversation{
		ID: c.ID, Key: c.Key, Ordinal: c.Ordinal, Version: c.Version, Address: c.Address, OpenedAt: p.s.Now,
		Customer: channel.Person{ID: c.Customer.ID, Locale: c.Customer.Locale},
	}}
	p.turn.Conversation.State.Language = l
	p.say(p.voice.Say("forget_done"))
	for _, t := range []*handoff.Ticket{p.s.Ticket, p.s.Lately} {
		if t != nil {
			p.post(p.front(*t).Forgotten()...)
		}
	}
	p.turn.Conversation.State.Language = "" // which they chose is forgotten, too
	p.turn.Lines = nil
}
