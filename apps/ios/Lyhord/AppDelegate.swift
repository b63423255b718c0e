import UIKit

@main
final class AppDelegate: UIResponder, UIApplicationDelegate {
    var window: UIWindow?

    func application(
        _ application: UIApplication,
        didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?
    ) -> Bool {
        let window = UIWindow(frame: UIScreen.main.bounds)
        window.rootViewController = SiteViewController()
        window.makeKeyAndVisible()
        self.window = window
        return true
    }

    /// A link to the site that somebody tapped elsewhere: the page of a case, from a mail.
    func application(
        _ application: UIApplication,
        continue userActivity: NSUserActivity,
        restorationHandler: @escaping ([UIUserActivityRestoring]?) -> Void
    ) -> Bool {
        guard let url = userActivity.webpageURL, let site = window?.rootViewController as? SiteViewController else {
            return false
        }
        return site.open(url)
    }
}
