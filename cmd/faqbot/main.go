// Command faqbot answers a business's recurring questions.
package main

func main() {}
