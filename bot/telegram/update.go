package telegram

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
)

// The shapes of what the platform sends, with no more fields than are read: a field that does not decode loses the whole update, so the
// library's large types, which are of 2021, would lose more.

type update struct {
	ID      int64        `json:"update_id"`
	Message *message     `json:"message"`
	Edited  *message     `json:"edited_message"`
	Press   *press       `json:"callback_query"`
	Member  *membership  `json:"my_chat_member"`
	Inline  *inlineQuery `json:"inline_query"`
	Reacted *reacted     `json:"message_reaction"`
}

// allowedUpdates are the kinds that are read. They are named, because the platform's default leaves out some and may grow.
var allowedUpdates = `["message","edited_message","callback_query","my_chat_member","inline_query","message_reaction"]`

type user struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
	Language  string `json:"language_code"`
}

type chat struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Username string `json:"username"`
}

type message struct {
	ID       int64 `json:"message_id"`
	Thread   int64 `json:"message_thread_id"`
	Topical  bool  `json:"is_topic_message"`
	From     *user `json:"from"`
	OnBehalf *chat `json:"sender_chat"`
	Chat     *chat `json:"chat"`
	Date     int64 `json:"date"`
	EditDate int64 `json:"edit_date"`
	Automat  bool  `json:"is_automatic_forward"`
	ViaBot   *user `json:"via_bot"`
	ReplyTo  *struct {
		ID           int64           `json:"message_id"`
		From         *user           `json:"from"`
		TopicCreated json.RawMessage `json:"forum_topic_created"`
	} `json:"reply_to_message"`
	Text            string   `json:"text"`
	Entities        []entity `json:"entities"`
	Caption         string   `json:"caption"`
	CaptionEntities []entity `json:"caption_entities"`
	content
	migration
}

// migration is what a service message says of a group that became a supergroup, which has another ID.
type migration struct {
	To   int64 `json:"migrate_to_chat_id"`
	From int64 `json:"migrate_from_chat_id"`
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	User   *user  `json:"user"`
	URL    string `json:"url"`
}

// content is what a message holds besides text.
type content struct {
	Photo     []picture `json:"photo"`
	Document  *file     `json:"document"`
	Animation *file     `json:"animation"`
	Voice     *file     `json:"voice"`
	Audio     *file     `json:"audio"`
	Video     *file     `json:"video"`
	VideoNote *file     `json:"video_note"`
	Sticker   *sticker  `json:"sticker"`
	Location  *place    `json:"location"`
	Venue     *struct {
		Title   string `json:"title"`
		Address string `json:"address"`
	} `json:"venue"`
	Contact *struct {
		Number    string `json:"phone_number"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
	} `json:"contact"`
	odd
}

// odd are contents that the bot has no form for: that there was something is all it tells.
type odd struct {
	Poll *struct {
		Question string `json:"question"`
	} `json:"poll"`
	Dice *struct {
		Emoji string `json:"emoji"`
		Value int    `json:"value"`
	} `json:"dice"`
	Story     json.RawMessage `json:"story"`
	PaidMedia json.RawMessage `json:"paid_media"`
	Checklist json.RawMessage `json:"checklist"`
	Game      json.RawMessage `json:"game"`
	Invoice   json.RawMessage `json:"invoice"`
	Giveaway  json.RawMessage `json:"giveaway"`
	Rich      json.RawMessage `json:"rich_message"`
}

type file struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Type string `json:"mime_type"`
	Size int64  `json:"file_size"`
}

type picture struct {
	file
	Width  int `json:"width"`
	Height int `json:"height"`
}

type sticker struct {
	file
	Emoji string `json:"emoji"`
}

type place struct {
	Latitude   float64 `json:"latitude"`
	Longitude  float64 `json:"longitude"`
	LivePeriod int     `json:"live_period"`
}

type press struct {
	ID      string   `json:"id"`
	From    *user    `json:"from"`
	Message *message `json:"message"`
	Data    *string  `json:"data"`
}

type membership struct {
	Chat *chat `json:"chat"`
	From *user `json:"from"`
	Date int64 `json:"date"`
	Old  rank  `json:"old_chat_member"`
	New  rank  `json:"new_chat_member"`
}

type rank struct {
	Status   string `json:"status"`
	IsMember bool   `json:"is_member"`
}

// present says whether somebody of this rank is in the chat.
func (r rank) present() bool {
	switch r.Status {
	case "creator", "administrator", "member":
		return true
	}
	return r.Status == "restricted" && r.IsMember
}

// reacted is what somebody shows on a message, before and now.
type reacted struct {
	Chat    *chat      `json:"chat"`
	Message int64      `json:"message_id"`
	From    *user      `json:"user"`
	Date    int64      `json:"date"`
	Old     []reaction `json:"old_reaction"`
	New     []reaction `json:"new_reaction"`
}

type reaction struct {
	Type  string `json:"type"`
	Emoji string `json:"emoji"`
}

type inlineQuery struct {
	ID    string `json:"id"`
	From  *user  `json:"from"`
	Query string `json:"query"`
}

var updateID = regexp.MustCompile(`"update_id"\s*:\s*"?(-?[0-9]{1,18})`)

// decode reads one update. Its ID is kept even where the rest cannot be read.
func decode(raw []byte) (u update, err error) {
	if err = json.Unmarshal(raw, &u); err == nil {
		if u.ID == 0 {
			err = fmt.Errorf("the update has no ID")
		}
		return u, err
	}
	var bare struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &bare) != nil {
		if m := updateID.FindSubmatch(raw); m != nil {
			bare.ID, _ = strconv.ParseInt(string(m[1]), 10, 64)
		}
	}
	return update{ID: bare.ID}, err
}
