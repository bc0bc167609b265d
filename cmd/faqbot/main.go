// Command faqbot answers a business's recurring questions on Telegram, Discord, the web and the terminal.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"faqbot/faq/fault"

	"github.com/alecthomas/kong"
)

// Exit codes that scripts rely on.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// commands are what faqbot can do; each has a file of its own.
type commands struct {
	Settings `embed:""`

	Serve    serveCommand    `cmd:"" default:"withargs" help:"Run the bot (the default): web chat, and Telegram and Discord where there is a token."`
	Chat     chatCommand     `cmd:"" help:"Talk to the bot in the terminal."`
	Ask      askCommand      `cmd:"" help:"Ask a question and see the decision; without one, a question per line is read."`
	Explain  explainCommand  `cmd:"" help:"Show why a question is decided as it is."`
	Eval     evalCommand     `cmd:"" help:"Measure how well questions are matched, by real ones that are stored or in a file."`
	Cases    casesCommand    `cmd:"" help:"Keep the real questions that the FAQ is measured with: list, add, import, remove and export them."`
	Entry    entryCommand    `cmd:"" help:"List, show, edit, publish, archive and undo entries."`
	Gaps     gapsCommand     `cmd:"" help:"What customers asked and nothing answers: list, show, close, sort and plan."`
	Desk     deskCommand     `cmd:"" help:"The places where your team answers customers: print a code for a new one, list, route and remove them."`
	Synonyms synonymsCommand `cmd:"" help:"Keep words that mean the same to your customers: list, add, remove, import and export them."`
	Import   importCommand   `cmd:"" help:"Bring entries in from a file, a folder or a web page."`
	Export   exportCommand   `cmd:"" help:"Write all entries to a file or a folder."`
	Sync     syncCommand     `cmd:"" help:"Keep a folder of Markdown and the entries in step, both ways."`
	Report   reportCommand   `cmd:"" help:"Show whether customers were helped: figures of a period, each with its formula."`
	Forget   forgetCommand   `cmd:"" help:"Delete everything that is stored about a person."`
	Doctor   doctorCommand   `cmd:"" help:"Check configuration, database, index, tokens and permissions, and say how to mend each."`
	Health   healthCommand   `cmd:"" help:"Ask a running bot whether it is well."`
	Backup   backupCommand   `cmd:"" help:"Write everything that is stored to one portable file."`
	Restore  restoreCommand  `cmd:"" help:"Read a backup into an empty database, of either kind."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// exited carries an exit code out of the command line parser, which wants to end the process by itself.
type exited int

// run does one command and returns its exit code. Tests call it as the shell would.
func run(ctx context.Context, args []string, std streams) (code int) {
	defer func() {
		if r := recover(); r != nil {
			c, ok := r.(exited)
			if !ok {
				panic(r)
			}
			code = int(c)
		}
	}()
	var c commands
	parser, err := kong.New(&c, options(std)...)
	if err != nil {
		fmt.Fprintln(std.err, "faqbot:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		if wrong := (*settingError)(nil); errors.As(err, &wrong) {
			fmt.Fprintln(std.err, "faqbot:", wrong)
			return exitUsage
		}
		fmt.Fprintln(std.err, "faqbot:", err)
		fmt.Fprintln(std.err, "Run “faqbot --help”, or “faqbot COMMAND --help”.")
		return exitUsage
	}
	a := &app{settings: c.Settings, std: std}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(a); err != nil {
		return a.fail(err)
	}
	return exitDone
}

func options(std streams) []kong.Option {
	return []kong.Option{
		kong.Name("faqbot"),
		kong.Description("Answers your customers' recurring questions on Telegram, Discord and the web, from a FAQ that you publish.\n\n" +
			"Every setting can be given as a flag, as an environment variable, or in faqbot.yaml."),
		kong.Writers(std.out, std.err), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.PostBuild(nameSettings), kong.Resolvers(fileResolver()),
	}
}

// nameSettings gives settings their names in the environment. The flags of a command have none: a variable that is there for something else must not
// change what a command does.
func nameSettings(k *kong.Kong) error {
	for _, flag := range k.Model.Flags {
		if flag.Name == "help" {
			continue
		}
		flag.Envs = []string{"FAQBOT_" + strings.ToUpper(settingName(flag.Name))}
		flag.Tag.Envs = flag.Envs
	}
	return nil
}

// fail prints an error for a person and maps its kind to an exit code.
func (a *app) fail(err error) int {
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(a.std.err, "faqbot: stopped")
		return exitFailed
	}
	fmt.Fprintln(a.std.err, "faqbot:", message(err))
	var usage *usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

// message is what a person is told of an error: the texts that were written for people, where there are some.
func message(err error) string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var texts []string
		for _, e := range joined.Unwrap() {
			texts = append(texts, message(e))
		}
		return strings.Join(texts, "\nfaqbot: ")
	}
	return cmp.Or(fault.Message(err), err.Error())
}

// usageError says that a command was used wrongly.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// failed is an error that says no more than what was printed before it.
func failed(format string, args ...any) error { return fault.New(fault.Invalid, format, args...) }
