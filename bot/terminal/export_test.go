package terminal

// MakeLive lets a test see what a person at a real terminal sees.
func (c *Channel) MakeLive() {
	c.screen.live, c.screen.color = true, c.options.Color
}

// CleanInput and ParseLocale are open to tests.
var (
	CleanInput  = cleanInput
	ParseLocale = parseLocale
)
